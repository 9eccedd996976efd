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

/** The reads of these objects in the order of their days, each as often as it was read. */
export function readsOf({ lives }: Trace, objects: number): { object: number; day: number }[] {
	return lives
		.filter(({ object }) => object < objects)
		.flatMap(({ object, reads }) =>
			reads.flatMap(([day, count]) =>
				day < 0 ? [] : Array.from({ length: count }, () => ({ object, day })),
			),
		)
		.sort((a, b) => a.day - b.day);
}
