import t from "tap";
import type { Asking } from "../../scenarios/contracts/mesh-contracts/gate/asking.ts";
import type { Means } from "../../scenarios/contracts/mesh-contracts/gate/mesh-content.ts";
import type { Radius } from "../../scenarios/contracts/mesh-contracts/radius.ts";
import { confusionOf } from "../../scenarios/kit/confusion.ts";
import type { TrialReceipt } from "../../scenarios/subjects/gate/trial.ts";
import { allAreRight, guardTrialOf } from "./matrix.ts";
import { databasesFor, trialsOf } from "./mesh-contracts.ts";
import { ownPostgres } from "./own-postgres.ts";

// Every kind of change through the real gate of a mesh, over seeds that nobody tuned to: TRIALS of each of SEEDS, from FROM on.

const seeds = Number(process.env.SEEDS ?? 5);
const trials = Number(process.env.TRIALS ?? 60);
const from = Number(process.env.FROM ?? 24_001);

let means: Pick<Means, "publishing"> & { asking: Asking };
t.before(async () => {
	means = await databasesFor(t, await ownPostgres(t));
});

t.test(
	"all that contracts and consumers' tests state is blocked with its place, and nothing else",
	async (t) => {
		const receipts: TrialReceipt[] = [];
		const radii: Radius[] = [];
		for (let seed = from; seed < from + seeds; seed++) {
			const of = await trialsOf(t, seed, trials, means);
			receipts.push(...of.receipts);
			radii.push(...of.radii);
		}
		allAreRight(t, receipts);
		t.ok(receipts.length >= 200 || process.env.TRIALS !== undefined, `${receipts.length} trials`);
		for (const { reached, broken } of radii) {
			t.same(broken.wrong, [], "exactly those are named that are broken");
			t.same(reached.wrong, [], "exactly those are told of that are reached");
		}
		const count = (which: "reached" | "broken") =>
			radii.filter((radius) => radius[which].queries > 0).length;
		t.ok(count("broken") > 10 && count("reached") > count("broken"));
	},
);

t.test("a gate by which publishers test themselves alone is seen in every seed", async (t) => {
	for (let seed = from; seed < from + Math.min(2, seeds); seed++) {
		const { receipts } = await trialsOf(t, seed, 20, { ...means, asking: null });
		const { missed } = confusionOf(receipts.map(guardTrialOf));
		t.ok(missed.length > 0, `seed ${seed}`);
		t.ok(
			missed.some(({ smallest }) => smallest !== null),
			"and what slipped through was made smaller",
		);
	}
});
