import t from "tap";
import type { Scratch } from "../../scenarios/contracts/contract-gate/gate/scratch.ts";
import type { TrialReceipt } from "../../scenarios/contracts/contract-gate/trial.ts";
import { type Confusion, confusionOf, namesPlaceAndRule } from "../../scenarios/kit/confusion.ts";
import { guardTrialOf, scratchFor, trialsOf } from "./contract-gate.ts";
import { ownPostgres } from "./own-postgres.ts";

// Every kind of change through the real gate, over seeds that nobody tuned to: TRIALS of each of SEEDS, from FROM on.

const seeds = Number(process.env.SEEDS ?? 5);
const trials = Number(process.env.TRIALS ?? 44);
const from = Number(process.env.FROM ?? 19_001);

let scratch: Scratch;
t.before(async () => {
	scratch = await scratchFor(t, await ownPostgres(t));
});

const sizes = (confusion: Confusion) =>
	Object.fromEntries(Object.entries(confusion).map(([cell, { length }]) => [cell, length]));

t.test(
	"all that the contracts and the gate's own rules state is blocked with its place, and nothing else",
	async (t) => {
		const receipts: TrialReceipt[] = [];
		for (let seed = from; seed < from + seeds; seed++)
			receipts.push(...(await trialsOf(t, seed, trials, scratch)));
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
		t.ok(all.length >= 200 || process.env.TRIALS !== undefined, `${all.length} trials`);
	},
);

t.test("a gate that asks no rule of a contract is seen in every seed", async (t) => {
	const structure = [
		"presence",
		"type",
		"nullability",
		"unique",
		"primary-key",
		"applies",
		"builds",
		"transaction",
	];
	const noRules: Pick<Scratch, "findings"> = {
		findings: async (trial) =>
			(await scratch.findings(trial)).filter(({ rule }) => structure.includes(rule)),
	};
	for (let seed = from; seed < from + Math.min(2, seeds); seed++) {
		const told = (await trialsOf(t, seed, 20, noRules)).map(guardTrialOf);
		const { missed } = confusionOf(told);
		t.ok(missed.length > 0, `seed ${seed}`);
		t.ok(
			missed.some(({ smallest }) => smallest !== null),
			"and what slipped through was made smaller",
		);
	}
});

type Trials = readonly { name: string; verdict: unknown }[];

function names(some: Trials): string[] {
	return some.map(({ name }) => name);
}

function texts(some: Trials): string[] {
	return some.map(({ name, verdict }) => `${name}: ${JSON.stringify(verdict)}`);
}
