import type { Action, Answer, MoveStep, ObjectMover } from "./mover.ts";
import type { Copy, Pointer, PointerTable } from "./pointers.ts";
import { Lost, readObject, Unknown } from "./read-object.ts";
import { checksumOf, copyName, NotThere, type Place, type TierStore } from "./store.ts";

/**
 * Moves objects as a script does that was written on a quiet day: copy, delete, verify, and then tell where it is. It
 * writes down nothing before it acts, so that nobody can finish what was interrupted; and what its check finds broken
 * has been deleted by then.
 */
export class NaiveMover implements ObjectMover {
	readonly recovered = { finished: 0, takenBack: 0 };
	readonly #store: TierStore;
	readonly #table: PointerTable;
	readonly #between: (step: MoveStep) => Promise<void>;

	constructor(
		store: TierStore,
		table: PointerTable,
		between: (step: MoveStep) => Promise<void> = async () => {},
	) {
		this.#store = store;
		this.#table = table;
		this.#between = between;
	}

	async act(id: string, action: Action): Promise<Answer> {
		const pointer = this.#table.get(id) ?? null;
		const seq = pointer?.seq ?? 0;
		if (action.seq <= seq) return "already";
		if (action.seq > seq + 1) return "early";
		switch (action.kind) {
			case "put":
				await this.#put(id, pointer, action);
				break;
			case "move":
				if (pointer?.at === undefined || pointer.at === null) throw new Unknown(id);
				await this.#move(pointer, pointer.at, action);
				break;
			default:
				action satisfies never;
		}
		return "done";
	}

	read(id: string): Promise<{ at: Copy; bytes: Buffer }> {
		return readObject(id, this.#store, this.#table);
	}

	async #move(pointer: Pointer, at: Copy, action: Action & { kind: "move" }): Promise<void> {
		const { to, day, seq } = action;
		const place: Place = { tier: to, name: copyName(pointer.id, pointer.revision + 1) };
		try {
			await this.#store.copy(at, place);
		} catch (error) {
			if (error instanceof NotThere) throw new Lost(pointer.id, at, "is not there");
			throw error;
		}
		await this.#between("copied");
		await this.#store.remove(at);
		await this.#between("removed");
		if (checksumOf(await this.#store.get(place)) !== at.sha256)
			throw new Lost(pointer.id, at, "has been deleted, and is broken");
		await this.#between("verified");
		await this.#switch(pointer, { ...at, ...place, sinceDay: day }, seq, day);
	}

	async #put(id: string, pointer: Pointer | null, action: Action & { kind: "put" }) {
		const { bytes, version, day, seq } = action;
		if (pointer !== null && pointer.at !== null) await this.#store.remove(pointer.at);
		await this.#between("cleared");
		const place: Place = { tier: "hot", name: copyName(id, (pointer?.revision ?? 0) + 1) };
		await this.#store.put(place, bytes);
		await this.#between("written");
		const fresh: Pointer = {
			id,
			revision: 0,
			seq: 0,
			at: null,
			doing: { kind: "nothing" },
			past: [],
		};
		const sha256 = checksumOf(bytes);
		const next: Copy = { ...place, version, bytes: bytes.length, sha256, sinceDay: day };
		await this.#switch(pointer ?? fresh, next, seq, day);
	}

	async #switch(pointer: Pointer, at: Copy, seq: number, day: number): Promise<void> {
		const { at: before, past, revision } = pointer;
		const ended =
			before === null
				? []
				: [
						{
							version: before.version,
							tier: before.tier,
							fromDay: before.sinceDay,
							toDay: day,
						},
					];
		await this.#table.write({
			...pointer,
			revision: revision + 1,
			seq,
			at,
			past: [...past, ...ended],
		});
	}
}
