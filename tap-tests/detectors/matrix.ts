import type { Test } from "tap";
import {
	type Confusion,
	confusionOf,
	type GuardTrial,
	namesPlaceAndRule,
} from "../../scenarios/kit/confusion.ts";
import type { TrialReceipt } from "../../scenarios/subjects/gate/trial.ts";

export function guardTrialOf({ n, kind, truth, verdict, smallest }: TrialReceipt): GuardTrial {
	return { name: `${n} ${kind}`, change: kind, truth, verdict, smallest };
}

/** All that is stated is blocked with its place, nothing else is, and each truth was tried; what came of each kind is told. */
export function allAreRight(t: Test, receipts: readonly TrialReceipt[]): void {
	const all = receipts.map(guardTrialOf);
	const confusion = confusionOf(all);
	for (const [change, some] of [...Map.groupBy(all, (trial) => trial.change)].sort())
		t.comment(`${change}: ${JSON.stringify(sizes(confusionOf(some)))}`);
	t.comment(`all: ${JSON.stringify(sizes(confusion))}`);
	for (const kind of ["blocked", "passed"] as const) {
		const times = receipts
			.flatMap(({ verdict }) => (verdict.kind === kind ? [verdict.timeMs] : []))
			.sort((a, b) => a - b);
		const at = (share: number) => times[Math.floor(share * (times.length - 1))]!.toFixed(0);
		t.comment(`what is ${kind} takes ${at(0.5)} ms at p50, ${at(0.95)} at p95, ${at(1)} at most`);
	}
	t.same(names(confusion.missed), []);
	t.same(texts(confusion.falseAlarms), []);
	t.same(names(confusion.undecided), []);
	t.same(texts(confusion.caught.filter((trial) => !namesPlaceAndRule(trial))), []);
	const { caught, passedRightly, outsidePassed } = confusion;
	const met = [caught, passedRightly, outsidePassed].map(({ length }) => length);
	t.ok(
		met.every((count) => count > 0),
		`each truth was tried: ${met}`,
	);
}

type Trials = readonly { name: string; verdict: unknown }[];

function sizes(confusion: Confusion): Record<string, number> {
	return Object.fromEntries(Object.entries(confusion).map(([cell, { length }]) => [cell, length]));
}

function names(some: Trials): string[] {
	return some.map(({ name }) => name);
}

function texts(some: Trials): string[] {
	return some.map(({ name, verdict }) => `${name}: ${JSON.stringify(verdict)}`);
}
