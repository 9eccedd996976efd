import t from "tap";
import { Type } from "typebox";
import { resolveParams } from "../../../scenarios/contract/params.ts";
import { count, ms, number, oneOf } from "../../../scenarios/kit/params.ts";
import { phaseParams, phasesOf } from "../../../scenarios/kit/phases.ts";

const schema = JSON.parse(
	JSON.stringify(
		Type.Object({
			rows: count(3, 1, 9, "rows"),
			share: number(0.5, 0, 1, "share"),
			waitMs: ms(100, 0, 1_000, "wait"),
			how: oneOf(["quick", "safe"], "safe", "how"),
			...phaseParams({ warmMs: 10, steadyMs: 200, recoverLimitMs: 300, intervalMs: 50 }),
		}),
	),
);
const resolve = (given: Record<string, unknown>) =>
	resolveParams({ schema, sizes: {}, guarded: false }, given).params;

t.test("parameters have their defaults, and the phases that a plan makes of them", (t) => {
	const params = resolve({});
	t.match(params, { rows: 3, share: 0.5, waitMs: 100, how: "safe" });
	t.same(phasesOf(params as never), {
		warmMs: 10,
		steadyMs: 200,
		recoverLimitMs: 300,
		intervalMs: 50,
	});
	t.match(schema.properties.waitMs, { description: "wait, ms" });
	t.end();
});

t.test("what is out of bounds, not whole, or none of the words is refused", (t) => {
	for (const [given, message] of [
		[{ rows: 10 }, /rows: must be at most 9/],
		[{ rows: 1.5 }, /rows: must be of type integer/],
		[{ share: -1 }, /share: must be at least 0/],
		[{ how: "slow" }, /how: must be quick, safe, but is "slow"/],
		[{ intervalMs: 10 }, /intervalMs: must be at least 50/],
	] as const)
		t.throws(() => resolve(given), { message });
	t.end();
});
