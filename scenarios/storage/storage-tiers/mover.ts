import { type Copy, Overtaken, type Pointer, type PointerTable } from "./pointers.ts";
import { readObject, Unknown } from "./read-object.ts";
import { checksumOf, copyName, NotThere, type Place, type TierStore } from "./store.ts";
import type { Tier } from "./tiers.ts";

/** What is done with an object. Clients number what they do with each object from 1, so that a try again is known as one. */
export type Action =
	| { kind: "put"; seq: number; day: number; version: number; bytes: Uint8Array }
	| { kind: "move"; seq: number; day: number; to: Tier };

/**
 * `done` now, or `already` by an earlier try: either way it is kept. `early`: an action before it has not been done, and
 * it has changed nothing.
 */
export type Answer = "done" | "already" | "early";

/** What has been done last, where a mover can be interrupted. */
export type MoveStep =
	| "announced"
	| "copied"
	| "verified"
	| "switched"
	| "removed"
	| "written"
	| "cleared";

/** Keeps objects in tiers; the guarded one and the naive one. */
export interface ObjectMover {
	act(id: string, action: Action): Promise<Answer>;
	read(id: string): Promise<{ at: Copy; bytes: Buffer }>;
	/** How many of the actions that were found begun at the start have been finished, and how many taken back. */
	readonly recovered: { finished: number; takenBack: number };
}

/** The copy was not what was to be copied, again and again; the object is where it was. */
export class CopyBroken extends Error {
	constructor(id: string, to: Tier) {
		super(`${copyTries} copies of ${id} to ${to} had other bytes than it: it stays where it is`);
		this.name = "CopyBroken";
	}
}

const copyTries = 3;
const overtakenMax = 5;

/**
 * Moves objects by copy → verify → switch the pointer → remove, and says in the pointer what it is about to do before it
 * does it. So it may be interrupted between any two steps, and within one: whoever opens it next finishes each move that
 * was begun, and takes back each version that nobody was told of. At any moment readers find exactly one version.
 */
export class Mover implements ObjectMover {
	readonly recovered = { finished: 0, takenBack: 0 };
	readonly #store: TierStore;
	readonly #table: PointerTable;
	/** Waited for between two steps: room for an interruption, where one is wanted. */
	readonly #between: (step: MoveStep) => Promise<void>;
	readonly #turns = new Map<string, Promise<unknown>>();

	private constructor(
		store: TierStore,
		table: PointerTable,
		between: (step: MoveStep) => Promise<void>,
	) {
		this.#store = store;
		this.#table = table;
		this.#between = between;
	}

	/** Ready once everything that an interruption has left half done is whole. */
	static async open(
		store: TierStore,
		table: PointerTable,
		between: (step: MoveStep) => Promise<void> = async () => {},
	): Promise<Mover> {
		const mover = new Mover(store, table, between);
		for (const { id } of [...table.all()]) await mover.#settled(id);
		return mover;
	}

	act(id: string, action: Action): Promise<Answer> {
		return this.#inTurn(id, async () => {
			const pointer = await this.#settled(id);
			const seq = pointer?.seq ?? 0;
			if (action.seq <= seq) return "already";
			if (action.seq > seq + 1) return "early";
			switch (action.kind) {
				case "put":
					await this.#put(pointer ?? unwritten(id), action);
					break;
				case "move":
					if (pointer?.at === undefined || pointer.at === null) throw new Unknown(id);
					await this.#move(pointer, action);
					break;
				default:
					action satisfies never;
			}
			return "done";
		});
	}

	read(id: string): Promise<{ at: Copy; bytes: Buffer }> {
		return readObject(id, this.#store, this.#table);
	}

	/** The pointer, with nothing begun: what was interrupted, or what store or table failed in, is finished first. */
	async #settled(id: string): Promise<Pointer | undefined> {
		for (let overtaken = 0; ; overtaken++) {
			await this.#table.refresh(id);
			const pointer = this.#table.get(id);
			if (pointer === undefined || pointer.doing.kind === "nothing") return pointer;
			try {
				await this.#recover(pointer);
			} catch (error) {
				// A writing that a killed mover had sent has come in since: what it says is what is to be finished.
				if (!(error instanceof Overtaken) || overtaken === overtakenMax) throw error;
			}
		}
	}

	async #move(pointer: Pointer, { to, day, seq }: Action & { kind: "move" }): Promise<void> {
		const name = copyName(pointer.id, pointer.revision + 1);
		const begun = await this.#write(pointer, {
			doing: { kind: "copying", to: { tier: to, name }, day, seq },
		});
		await this.#between("announced");
		await this.#finishMove(begun);
	}

	async #finishMove(pointer: Pointer): Promise<void> {
		const { at, doing, past } = pointer;
		if (at === null || doing.kind !== "copying") return;
		const { tier, name, version, sinceDay } = at;
		if (!(await this.#copied(at, doing.to))) {
			await this.#takeBack(pointer, doing.to);
			throw new CopyBroken(pointer.id, doing.to.tier);
		}
		await this.#between("verified");
		const switched = await this.#write(pointer, {
			seq: doing.seq,
			at: { ...at, ...doing.to, sinceDay: doing.day },
			past: [...past, { version, tier, fromDay: sinceDay, toDay: doing.day }],
			doing: { kind: "removing", from: { tier, name } },
		});
		await this.#between("switched");
		await this.#finishRemoval(switched);
	}

	/** Whether the bytes that lie there now, after some tries, are the ones that were written. */
	async #copied(at: Copy, to: Place): Promise<boolean> {
		for (let tries = 0; tries < copyTries; tries++) {
			await this.#store.copy(at, to);
			await this.#between("copied");
			if (await this.#isWhole(to, at.sha256)) return true;
		}
		return false;
	}

	async #put(pointer: Pointer, { seq, day, version, bytes }: Action & { kind: "put" }) {
		const sha256 = checksumOf(bytes);
		const place: Place = { tier: "hot", name: copyName(pointer.id, pointer.revision + 1) };
		const next: Copy = { ...place, version, bytes: bytes.length, sha256, sinceDay: day };
		const begun = await this.#write(pointer, { doing: { kind: "writing", next, seq } });
		await this.#between("announced");
		await this.#store.put(place, bytes);
		await this.#between("written");
		if (!(await this.#isWhole(place, sha256))) {
			await this.#takeBack(begun, next);
			throw new CopyBroken(pointer.id, "hot");
		}
		const { at, past } = pointer;
		const switched = await this.#write(begun, {
			seq,
			at: next,
			past:
				at === null
					? past
					: [...past, { version: at.version, tier: at.tier, fromDay: at.sinceDay, toDay: day }],
			doing:
				at === null
					? { kind: "nothing" }
					: { kind: "removing", from: { tier: at.tier, name: at.name } },
		});
		await this.#between("switched");
		await this.#finishRemoval(switched);
	}

	async #finishRemoval(pointer: Pointer): Promise<void> {
		if (pointer.doing.kind !== "removing") return;
		await this.#store.remove(pointer.doing.from);
		await this.#between("removed");
		await this.#write(pointer, { doing: { kind: "nothing" } });
	}

	/** First of all the pointer is written: a switch to this version that is still on its way is refused from then on. */
	async #takeBack(pointer: Pointer, { tier, name }: Place): Promise<void> {
		const fenced = await this.#write(pointer, {
			doing: { kind: "removing", from: { tier, name } },
		});
		await this.#finishRemoval(fenced);
	}

	async #recover(pointer: Pointer): Promise<void> {
		const { doing } = pointer;
		switch (doing.kind) {
			case "nothing":
				return;
			case "writing":
				await this.#takeBack(pointer, doing.next);
				this.recovered.takenBack += 1;
				return;
			case "copying":
				// Forward and not back: a copy that is still on its way to the store then ends where one belongs.
				await this.#finishMove(pointer);
				break;
			case "removing":
				await this.#finishRemoval(pointer);
				break;
			default:
				doing satisfies never;
		}
		this.recovered.finished += 1;
	}

	async #isWhole(at: Place, sha256: string): Promise<boolean> {
		try {
			return checksumOf(await this.#store.get(at)) === sha256;
		} catch (error) {
			if (error instanceof NotThere) return false;
			throw error;
		}
	}

	async #write(pointer: Pointer, change: Partial<Omit<Pointer, "id" | "revision">>) {
		const next = { ...pointer, ...change, revision: pointer.revision + 1 };
		await this.#table.write(next);
		return next;
	}

	/** What is done with one object is done in the order in which it came, one after another. */
	#inTurn<V>(id: string, work: () => Promise<V>): Promise<V> {
		const turn = (this.#turns.get(id) ?? Promise.resolve()).then(work, work);
		this.#turns.set(id, turn);
		const leave = () => {
			if (this.#turns.get(id) === turn) this.#turns.delete(id);
		};
		turn.then(leave, leave);
		return turn;
	}
}

function unwritten(id: string): Pointer {
	return { id, revision: 0, seq: 0, at: null, doing: { kind: "nothing" }, past: [] };
}
