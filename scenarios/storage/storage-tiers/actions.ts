import type { Placement } from "./placement.ts";
import type { Tier } from "./tiers.ts";
import type { Trace } from "./trace.ts";

/** What a policy asks of a mover for one object, as it goes to the service; bytes are made where they are sent. */
export type Planned = { object: number; seq: number; day: number } & (
	| { kind: "put"; version: number }
	| { kind: "move"; to: Tier }
);

/**
 * What turns a placement into real copies, day after day: every move, and every new version, of the objects below
 * `objects`; but for the first versions, which are there before. Each object counts its own from 2: the first is its
 * first version.
 */
export function actionsOf({ lives }: Trace, placement: Placement, objects: number): Planned[] {
	const seqs = new Map<number, number>();
	const next = (object: number) => {
		const seq = (seqs.get(object) ?? 1) + 1;
		seqs.set(object, seq);
		return seq;
	};
	const actions: Planned[] = [];
	for (const [i, { object, version, fromDay }] of lives.entries()) {
		if (object >= objects) continue;
		if (version > 1)
			actions.push({ kind: "put", object, seq: next(object), day: fromDay, version });
		for (const { tier, fromDay: day } of placement[i]!.slice(1))
			actions.push({ kind: "move", object, seq: next(object), day, to: tier });
	}
	// Objects take turns within a day; of one object the order stays, for it has one action a day at most.
	return actions.sort((a, b) => a.day - b.day || a.object - b.object);
}

/** Which of the real objects are read. */
export interface RealReads {
	/** Of every read of an object that never goes to cold, in the order of their days. */
	warmer: readonly number[];
	/** Objects that go to cold and stay there, those that go first before the others. */
	cold: readonly number[];
}

/**
 * The reads of the objects below `objects`. What is read from cold is known beforehand, so that its share is as it was
 * meant, whichever of the moves have been done by then.
 */
export function realReads({ lives }: Trace, placement: Placement, objects: number): RealReads {
	const goesToCold = new Set<number>();
	for (const [i, { object }] of lives.entries())
		if (placement[i]!.some(({ tier }) => tier === "cold")) goesToCold.add(object);
	const warmer: { object: number; day: number }[] = [];
	const cold: { object: number; day: number }[] = [];
	for (const [i, { object, reads, ends }] of lives.entries()) {
		if (object >= objects) continue;
		const last = placement[i]!.at(-1)!;
		if (last.tier === "cold" && !ends) cold.push({ object, day: last.fromDay });
		if (goesToCold.has(object)) continue;
		for (const [day, count] of reads)
			if (day >= 0) for (let n = 0; n < count; n++) warmer.push({ object, day });
	}
	const inOrder = (of: typeof warmer) =>
		of.sort((a, b) => a.day - b.day || a.object - b.object).map(({ object }) => object);
	return { warmer: inOrder(warmer), cold: inOrder(cold).slice(0, coldMax) };
}

/** So few, that the ones that go first are read again and again. */
const coldMax = 10;
