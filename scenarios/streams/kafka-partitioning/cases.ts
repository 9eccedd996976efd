import type { FaultPlan, P } from "./params.ts";
import { type StrategyName, strategies } from "./strategies.ts";

const names = Object.keys(strategies) as StrategyName[];
const inRotation = ["slow-link", "crash", "slow-partition"] as const satisfies FaultPlan[];

/** From here on a message costs nothing: what is looked at is whether everything comes through. */
const freeFromPerSec = 100_000;

/**
 * Two cores are just enough for this rate, once all code is compiled: until then it takes twice as much of them. And a
 * second consumer would do nothing that one has no time for.
 */
const atFullSpeed = { costUs: 0, warmMs: 3_000, steadyMs: 10_000, consumers: 1 };

type Case = Pick<P, "strategy" | "ratePerSec" | "fault"> & Partial<P>;

/** The cases of a size: strategies × rates, with one fault each in rotation, or all of them. */
export function casesOf({ size, sweep }: Pick<P, "size" | "sweep">): Record<string, Case> {
	if (sweep === "off") return {};
	switch (size) {
		case "small":
			return byId(names.map((strategy) => ({ strategy, ratePerSec: 1_000, fault: "none" })));
		case "default":
			return byId([
				...[1_000, 10_000].flatMap((ratePerSec, row) =>
					names.map((strategy, i) => ({
						strategy,
						ratePerSec,
						fault: faultAt(row * names.length + i),
					})),
				),
				{ strategy: "key-hash", ratePerSec: 100_000, fault: faultAt(8) },
			]);
		case "large":
			return byId(
				[1_000, 10_000, 100_000].flatMap((ratePerSec) =>
					names.map((strategy): Case => ({ strategy, ratePerSec, fault: "all", steadyMs: 10_000 })),
				),
			);
		default:
			return size satisfies never;
	}
}

function faultAt(index: number): FaultPlan {
	return inRotation[index % inRotation.length]!;
}

function byId(cases: Case[]): Record<string, Case> {
	return Object.fromEntries(
		cases.map((one) => [
			`${one.strategy}-${one.ratePerSec / 1_000}k`,
			one.ratePerSec < freeFromPerSec ? one : { ...one, ...atFullSpeed },
		]),
	);
}
