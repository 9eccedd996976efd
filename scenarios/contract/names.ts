import type { RunNames } from "../../base/run-names.ts";

/** Prefixes of everything that runs make, so that what a dead run left is found by name alone. */
export const ownPrefixes = {
	database: "flt_",
	topic: "flt.",
	key: "flt:",
	bucket: "flt-",
} as const;

/**
 * The names of a run's own objects, or of those of a part of it, which all begin with the run's. Postgres cuts
 * identifiers at 63 bytes; the run's id keeps its unique end.
 */
export function runNames(runId: string, part: string | null = null): RunNames {
	const identifier = runId.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
	const room = 63 - ownPrefixes.database.length - "_a_slot_0000".length;
	const short =
		identifier.length <= room
			? identifier
			: `${identifier.slice(0, room - 5)}_${identifier.slice(-4)}`;
	const ofPart = (mark: string) => (part === null ? "" : part + mark);
	return {
		database: `${ownPrefixes.database}${short}${part === null ? "" : `_${part}`}`,
		topicPrefix: `${ownPrefixes.topic}${runId}.${ofPart(".")}`,
		keyPrefix: `${ownPrefixes.key}${runId}:${ofPart(":")}`,
		bucketPrefix: `${ownPrefixes.bucket}${short.replaceAll("_", "-")}-${ofPart("-")}`,
	};
}

/** Whether an object carries this run's names, so that it is the run's own. */
export function isOfRun(names: RunNames, name: string): boolean {
	return Object.values(names).some((prefix) => name.startsWith(prefix));
}
