import type { Pointer } from "./pointers.ts";
import type { Place } from "./store.ts";

/** A copy that lies in a tier, as whoever looks into the tier finds it. */
export interface Held extends Place {
	sha256: string;
}

/** What an object must be. */
export interface Wanted {
	version: number;
	sha256: string;
}

/** What is wrong in a store; the names of the objects or copies. */
export type Audit = {
	/** Objects of which no copy lies where it should. */
	lost: string[];
	/** Objects whose copy has other bytes, or is of another version, than what was written last. */
	wrong: string[];
	/** Copies that no pointer leads to: readable as a second version by whoever lists the tier, and billed beside the first. */
	doubled: string[];
	/** Objects of which some day is billed in two tiers, or in none. */
	misbilled: string[];
	/** Objects with something begun and not finished. */
	unfinished: string[];
};

/** Holds what lies in the tiers against the pointers, and both against what was written. Knows nothing of any mover. */
export function auditOf(
	pointers: ReadonlyMap<string, Pointer>,
	held: readonly Held[],
	wanted: ReadonlyMap<string, Wanted>,
): Audit {
	const lies = new Map(held.map((copy) => [placeOf(copy), copy]));
	const pointedTo = new Set<string>();
	const audit: Audit = { lost: [], wrong: [], doubled: [], misbilled: [], unfinished: [] };
	for (const pointer of pointers.values()) {
		if (pointer.doing.kind !== "nothing") audit.unfinished.push(pointer.id);
		if (!isBilledOnce(pointer)) audit.misbilled.push(pointer.id);
		if (pointer.at !== null) pointedTo.add(placeOf(pointer.at));
	}
	for (const [id, { version, sha256 }] of wanted) {
		const at = pointers.get(id)?.at ?? null;
		const copy = at === null ? undefined : lies.get(placeOf(at));
		if (copy === undefined) audit.lost.push(id);
		else if (copy.sha256 !== sha256 || at?.version !== version) audit.wrong.push(id);
	}
	for (const place of lies.keys()) if (!pointedTo.has(place)) audit.doubled.push(place);
	return audit;
}

/** Each of its days, from its first on, belongs to exactly one stay; a version begins in hot. */
export function isBilledOnce({ at, past }: Pointer): boolean {
	let day: number | null = null;
	let version: number | null = null;
	const stays = at === null ? past : [...past, { ...at, fromDay: at.sinceDay, toDay: null }];
	for (const stay of stays) {
		if (day !== null && stay.fromDay !== day) return false;
		if (stay.toDay !== null && stay.toDay <= stay.fromDay) return false;
		if (stay.version !== version && stay.tier !== "hot") return false;
		day = stay.toDay;
		version = stay.version;
	}
	return true;
}

function placeOf({ tier, name }: Place): string {
	return `${tier}/${name}`;
}
