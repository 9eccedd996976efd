import t from "tap";
import type { JsonObject } from "../../../../base/json.ts";
import { checkPlan } from "../../../../daemon/runs/check-plan.ts";
import { servicesIn } from "../../../../scenarios/contract/needs.ts";
import { resolveParams } from "../../../../scenarios/contract/params.ts";
import type { PlanData } from "../../../../scenarios/contract/plan.ts";
import outage from "../../../../scenarios/failing/failure-modes/downstream-outage.scenario.ts";
import network from "../../../../scenarios/failing/failure-modes/network-timeout.scenario.ts";
import partial from "../../../../scenarios/failing/failure-modes/partial-data.scenario.ts";
import crash from "../../../../scenarios/failing/failure-modes/task-crash.scenario.ts";

const modes = { outage, network, partial, crash };

t.test("each mode breaks one thing, in every size, for as long as it says", async (t) => {
	const broken = { outage: "down sink", network: "timeout sink", partial: "data-limit source" };
	for (const [name, mode] of Object.entries(modes)) {
		const schema = JSON.parse(JSON.stringify(mode.params));
		const rules = { schema, sizes: mode.sizes as JsonObject, guarded: true };
		for (const size of ["small", "default", "large"]) {
			const { params } = resolveParams(rules, { size });
			const plan = mode.plan(params as never) as unknown as PlanData;
			await checkPlan(plan, servicesIn(mode.needs), () => true);
			t.equal(plan.faults?.length, 1);
			const { kind, on, fromMs, toMs } = plan.faults![0]!;
			t.equal(`${kind} ${on}`, { ...broken, crash: "kill worker" }[name], `${name} ${size}`);
			t.same([fromMs, toMs], [0, params.faultMs]);
		}
	}
});

t.test("both guards get the same load and faults; only the worker knows the difference", (t) => {
	const params = resolveParams(
		{ schema: JSON.parse(JSON.stringify(crash.params)), sizes: {}, guarded: true },
		{},
	).params;
	const planOf = (guard: "on" | "off") =>
		JSON.parse(JSON.stringify(crash.plan({ ...params, guard } as never))) as PlanData;
	const [on, off] = [planOf("on"), planOf("off")];
	t.equal(on.subjects!.worker!.env!.GUARD, "on");
	t.equal(off.subjects!.worker!.env!.GUARD, "off");
	off.subjects!.worker!.env!.GUARD = "on";
	t.same(off, on);
	t.end();
});
