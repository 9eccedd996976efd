import {
	auditOf,
	type Held,
	type Wanted,
} from "../../../../scenarios/storage/storage-tiers/audit.ts";
import type { Action, ObjectMover } from "../../../../scenarios/storage/storage-tiers/mover.ts";
import {
	checkNext,
	type Pointer,
	type PointerTable,
} from "../../../../scenarios/storage/storage-tiers/pointers.ts";
import {
	checksumOf,
	NotThere,
	type Place,
	type TierStore,
} from "../../../../scenarios/storage/storage-tiers/store.ts";
import { type Tier, tiers } from "../../../../scenarios/storage/storage-tiers/tiers.ts";

// A store and a table in memory that outlive the process that uses them, and a fuse that ends it at any of its steps.

/** The process is gone; nothing of it happens any more. */
export class Interrupted extends Error {}

/** The store or the table did not answer; the process goes on. */
export class Failed extends Error {}

/** The operation of store or table at which a process ends: before it, when half of it is done, or just after it. */
export interface Cut {
	at: number;
	how: "before" | "within" | "after";
	/** It does not end, and only this operation fails it. */
	once?: true;
}

export class Fuse {
	operations = 0;
	readonly #cut: Cut | null;
	readonly #onOperation: (operation: number) => Promise<void>;
	#blown = false;

	constructor(
		cut: Cut | null = null,
		onOperation: (operation: number) => Promise<void> = async () => {},
	) {
		this.#cut = cut;
		this.#onOperation = onOperation;
	}

	async run<V>(whole: () => V, half: () => void = () => {}): Promise<V> {
		if (this.#blown) throw new Interrupted();
		this.operations += 1;
		await this.#onOperation(this.operations);
		if (this.#cut?.at !== this.operations) return whole();
		this.#blown = this.#cut.once !== true;
		if (this.#cut.how === "within") half();
		if (this.#cut.how === "after") whole();
		throw this.#blown ? new Interrupted() : new Failed();
	}
}

/** What is on the disk. */
export class World {
	readonly copies = new Map<string, Buffer>();
	readonly pointers = new Map<string, Pointer>();
	/** Numbers of the copies that the store says are done, and has cut short. */
	readonly brokenCopies = new Set<number>();
	#copyCount = 0;

	store(fuse: Fuse): TierStore {
		const { copies } = this;
		const key = ({ tier, name }: Place) => `${tier}/${name}`;
		const found = (at: Place): Buffer => {
			const bytes = copies.get(key(at));
			if (bytes === undefined) throw new NotThere(at);
			return bytes;
		};
		const half = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, bytes.length >> 1));
		return {
			put: (at, bytes) =>
				fuse.run(
					() => void copies.set(key(at), Buffer.from(bytes)),
					() => void copies.set(key(at), half(bytes)),
				),
			copy: (from, to) =>
				fuse.run(
					() => {
						this.#copyCount += 1;
						const bytes = found(from);
						const broken = this.brokenCopies.has(this.#copyCount);
						copies.set(key(to), broken ? half(bytes) : bytes);
					},
					() => void copies.set(key(to), half(found(from))),
				),
			get: (at) => fuse.run(() => found(at)),
			remove: (at) => fuse.run(() => void copies.delete(key(at))),
			list: (tier) =>
				fuse.run(() =>
					[...copies.keys()]
						.filter((place) => place.startsWith(`${tier}/`))
						.map((place) => place.slice(tier.length + 1)),
				),
		};
	}

	/** Half a writing of a pointer is none: what is left of it is taken away when the table is opened. */
	table(fuse: Fuse): PointerTable {
		const { pointers } = this;
		return {
			get: (id) => pointers.get(id),
			all: () => pointers.values(),
			refresh: async () => {},
			write: (pointer) =>
				fuse.run(() => {
					checkNext(pointers.get(pointer.id), pointer);
					pointers.set(pointer.id, pointer);
				}),
		};
	}

	held(): Held[] {
		return [...this.copies].map(([place, bytes]) => {
			const tier = tiers.find((name) => place.startsWith(`${name}/`))!;
			return { tier, name: place.slice(tier.length + 1), sha256: checksumOf(bytes) };
		});
	}

	/** What is wrong, in a line for each kind; empty where nothing is. */
	problems(wanted: ReadonlyMap<string, Wanted>): string[] {
		return Object.entries(auditOf(this.pointers, this.held(), wanted))
			.filter(([, names]) => names.length > 0)
			.map(([kind, names]) => `${kind}: ${names}`);
	}
}

/** Opens a mover on a world; a process that starts. */
export type Start = (world: World, fuse: Fuse) => Promise<ObjectMover>;

export interface Step {
	id: string;
	action: Action;
}

const text = (id: string, version: number) =>
	Buffer.from(`these are the bytes of ${id}, ${version}`);

/** Everything that can be done with objects, in a short life of two of them. */
export const script: readonly Step[] = [
	put("a", 1, 0, 1),
	put("b", 1, 0, 1),
	move("a", 2, 3, "warm"),
	move("b", 2, 4, "cold"),
	move("a", 3, 9, "cold"),
	put("b", 3, 12, 2),
	move("a", 4, 15, "hot"),
	move("b", 4, 20, "warm"),
	put("b", 5, 25, 3),
	put("a", 5, 30, 2),
];

function put(id: string, seq: number, day: number, version: number): Step {
	return { id, action: { kind: "put", seq, day, version, bytes: text(id, version) } };
}

function move(id: string, seq: number, day: number, to: Tier): Step {
	return { id, action: { kind: "move", seq, day, to } };
}

/** What must be there after so many steps of the script. */
export function wantedAfter(steps: number): Map<string, Wanted> {
	const wanted = new Map<string, Wanted>();
	for (const { id, action } of script.slice(0, steps))
		if (action.kind === "put")
			wanted.set(id, { version: action.version, sha256: checksumOf(action.bytes) });
	return wanted;
}

/** Goes on with the script from a step; which one it was at when it was interrupted, or its length. */
export async function runScript(mover: ObjectMover, from: number): Promise<number> {
	for (let step = from; step < script.length; step++) {
		const { id, action } = script[step]!;
		try {
			await mover.act(id, action);
		} catch (error) {
			if (error instanceof Interrupted) return step;
			throw error;
		}
	}
	return script.length;
}

/** A process that starts, and is interrupted while it does or not. */
export async function started(start: Start, world: World, fuse: Fuse): Promise<ObjectMover | null> {
	try {
		return await start(world, fuse);
	} catch (error) {
		if (error instanceof Interrupted) return null;
		throw error;
	}
}
