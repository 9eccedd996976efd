import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { appendNdjson, readNdjson } from "../../base/ndjson.ts";
import { noiseOf } from "../compare/estimate.ts";
import type { Home } from "../home/home.ts";
import type { Pair } from "../record/duet.ts";
import type { NoiseOf } from "./verdict.ts";

/** One pair of the same against the same, as a line of the file. */
interface NoiseLine {
	at: string;
	/** Of the host: another one's noise says nothing here. */
	fingerprint: string;
	worseLog: Record<string, number | null>;
}

/** Where a host's own noise is kept, scenario by scenario; older than any run, so not subject to their retention. */
function fileOf(home: Home, scenario: string): string {
	return join(home.folder, "history", "noise", `${scenario.replaceAll(/[^\w.-]+/g, "_")}.ndjson`);
}

/** The noise of this scenario on this host, by the A/A pairs that were kept. */
export function readNoise(home: Home, scenario: string, fingerprint: string): NoiseOf {
	const file = fileOf(home, scenario);
	const lines = readNdjson<NoiseLine>(file).filter((line) => line.fingerprint === fingerprint);
	return (name) => noiseOf(lines.flatMap(({ worseLog }) => worseLog[name] ?? []));
}

/** Keeps what a duet of equal variants says of the host's noise. */
export function keepNoise(
	home: Home,
	scenario: string,
	fingerprint: string,
	pairs: readonly Pair[],
): void {
	const file = fileOf(home, scenario);
	mkdirSync(dirname(file), { recursive: true });
	for (const { startedAt: at, measures } of pairs) {
		const worseLog = Object.fromEntries(measures.map(({ name, worseLog }) => [name, worseLog]));
		const line: NoiseLine = { at, fingerprint, worseLog };
		appendNdjson(file, line);
	}
}
