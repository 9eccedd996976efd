import t from "tap";
import { confusionOf } from "../../scenarios/kit/confusion.ts";
import type { Scratch } from "../../scenarios/subjects/gate/scratch.ts";
import type { TrialReceipt } from "../../scenarios/subjects/gate/trial.ts";
import { scratchFor, trialsOf } from "./contract-gate.ts";
import { allAreRight, guardTrialOf } from "./matrix.ts";
import { ownPostgres } from "./own-postgres.ts";

// Every kind of change through the real gate, over seeds that nobody tuned to: TRIALS of each of SEEDS, from FROM on.

const seeds = Number(process.env.SEEDS ?? 5);
const trials = Number(process.env.TRIALS ?? 44);
const from = Number(process.env.FROM ?? 19_001);

let scratch: Scratch;
t.before(async () => {
	scratch = await scratchFor(t, await ownPostgres(t));
});

t.test(
	"all that the contracts and the gate's own rules state is blocked with its place, and nothing else",
	async (t) => {
		const receipts: TrialReceipt[] = [];
		for (let seed = from; seed < from + seeds; seed++)
			receipts.push(...(await trialsOf(t, seed, trials, scratch)));
		allAreRight(t, receipts);
		t.ok(receipts.length >= 200 || process.env.TRIALS !== undefined, `${receipts.length} trials`);
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
