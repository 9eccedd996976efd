import t from "tap";
import {
	brokenRules,
	chanceRule,
} from "../../../../scenarios/contracts/data-quality/oracle/rules.ts";
import { deliveryOf, grams } from "../../../../scenarios/contracts/data-quality/sales/sale.ts";
import {
	chanceToReject,
	falseAlarmPct,
	meanBounds,
	normalBelow,
	standardErrors,
	tailsOf,
} from "../../../../scenarios/contracts/data-quality/suite/statistics.ts";

const near = (a: number, b: number, by: number) => Math.abs(a - b) < by;

t.test("the bounds let through as many batches as the suite states", (t) => {
	t.ok(near(100 * chanceToReject(0, 400), falseAlarmPct, 1e-4));
	t.ok(near(normalBelow(1.959964), 0.975, 1e-6));
	t.ok(near(normalBelow(0), 0.5, 1e-6));
	const { least, most } = meanBounds(400);
	t.ok(near(most - grams.mean, (standardErrors * grams.sd) / 20, 1e-9));
	t.equal(grams.mean - least, most - grams.mean);
	t.end();
});

t.test("what is drawn is rejected as often as the arithmetic says", (t) => {
	const batches = 3_000;
	let rejected = 0;
	for (let batch = 0; batch < batches; batch++)
		if (brokenRules(deliveryOf(77, batch, 60)).includes(chanceRule)) rejected++;
	const { atMost, atLeast } = tailsOf(Array<number>(batches).fill(falseAlarmPct / 100), rejected);
	t.ok(Math.min(atMost, atLeast) > 1e-3, `${rejected} of ${batches}`);
	t.end();
});

t.test("a drift is found the more surely the larger it is, and the more rows there are", (t) => {
	const chances = [0, 0.1, 0.2, 0.5, 1].map((sigmas) => chanceToReject(sigmas, 200));
	t.same(
		chances,
		chances.toSorted((a, b) => a - b),
	);
	t.ok(chances.at(-1)! > 0.999);
	t.ok(chanceToReject(0.2, 400) > chanceToReject(0.2, 100));
	t.end();
});

t.test("tails are of the number that came about, each by its own chance", (t) => {
	const { atMost, atLeast } = tailsOf([0.5, 0.5], 1);
	t.ok(near(atMost, 0.75, 1e-12) && near(atLeast, 0.75, 1e-12));
	const sure = tailsOf([1, 1, 0], 2);
	t.same(sure, { atMost: 1, atLeast: 1 });
	t.equal(tailsOf([1, 1, 0], 1).atMost, 0, "as good as impossible");
	t.end();
});
