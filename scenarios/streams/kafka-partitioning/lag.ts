import type { PartEntry } from "./record.ts";

/** A group's lag as the broker has it: by partition, where the log ends and what the group has committed. */
export interface LagSample {
	/** Of asking and of having it, in milliseconds of the machine's monotonic clock. */
	fromMs: number;
	toMs: number;
	ends: number[];
	/** 0 where the group has committed nothing yet. */
	committed: number[];
}

export function lagOf({ ends, committed }: LagSample): number[] {
	return ends.map((end, partition) => end - committed[partition]!);
}

export function total(numbers: readonly number[]): number {
	return numbers.reduce((sum, number) => sum + number, 0);
}

/** Where what the broker says was committed is not what the consumers say they had processed. */
export type LagDisagreement = {
	partition: number;
	atMs: number;
	committed: number;
	/** What the consumers' lines allow then. */
	least: number;
	most: number;
};

export type LagAgreement = {
	comparedCount: number;
	/** The furthest that the broker's count was behind the consumer's: what one commit interval brings. */
	gapMaxCount: number;
	disagreements: LagDisagreement[];
};

/**
 * Holds the lag at the broker (log end − committed) against that at the consumer (log end − position) at every sample.
 * They differ by what was processed since the last commit. A consumer writes its line, commits it, and only then writes
 * the next: so the broker has what the last line says, or still what it says was committed before. That holds however
 * slow the machine is.
 */
export function compareLags(
	samples: readonly LagSample[],
	byPartition: readonly PartEntry[][],
): LagAgreement {
	const agreement: LagAgreement = { comparedCount: 0, gapMaxCount: 0, disagreements: [] };
	for (const [partition, parts] of byPartition.entries()) {
		let before = 0;
		let until = 0;
		for (const { fromMs, toMs, committed } of samples) {
			while (before < parts.length && parts[before]!.atMs <= fromMs) before++;
			while (until < parts.length && parts[until]!.atMs <= toMs) until++;
			const least = parts[before - 1]?.committed ?? 0;
			const seen = parts.slice(Math.max(0, before - 1), until);
			const most = Math.max(0, ...seen.map(({ to }) => to));
			const found = committed[partition]!;
			agreement.comparedCount++;
			agreement.gapMaxCount = Math.max(agreement.gapMaxCount, most - found);
			if (found < least || found > most)
				agreement.disagreements.push({ partition, atMs: fromMs, committed: found, least, most });
		}
	}
	return agreement;
}
