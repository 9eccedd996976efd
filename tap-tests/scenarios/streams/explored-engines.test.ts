import t from "tap";
import { checkPlaces } from "../../../daemon/runs/check-faults.ts";
import { resolveParams } from "../../../scenarios/contract/params.ts";
import { fullPhases, type PlanData } from "../../../scenarios/contract/plan.ts";
import type { RunParams } from "../../../scenarios/contract/run-params.ts";
import type { Scenario } from "../../../scenarios/contract/scenario.ts";
import { engineNames as onceEngines } from "../../../scenarios/streams/exactly-once/engine-names.ts";
import once from "../../../scenarios/streams/exactly-once/exactly-once.scenario.ts";
import { engineNames as featureEngines } from "../../../scenarios/streams/late-features/engine-names.ts";
import features from "../../../scenarios/streams/late-features/late-features.scenario.ts";
import { engineNames as windowEngines } from "../../../scenarios/streams/sliding-windows/engine-names.ts";
import windows from "../../../scenarios/streams/sliding-windows/sliding-windows.scenario.ts";

const explored = [
	["late-features", features, featureEngines],
	["sliding-windows", windows, windowEngines],
	["exactly-once", once, onceEngines],
] as const;

for (const [name, base, engines] of explored)
	for (const engine of engines)
		t.test(`${name} is explored on ${engine} by what breaks its own processes`, async (t) => {
			const scenario = base as unknown as Scenario;
			const { params: schema, sizes } = scenario;
			const rules = { schema: JSON.parse(JSON.stringify(schema)), sizes, guarded: true };
			const params = resolveParams(rules as never, { engine }).params as RunParams;
			const plan = scenario.plan(params);
			const { kinds } = scenario.explore!(params);
			const places = Object.entries(kinds).flatMap(([kind, { on }]) =>
				on.map((name) => ({ kind, on: name })),
			);
			const data = { ...plan, phases: fullPhases(plan.phases) } as unknown as PlanData;
			const { needs } = scenario as { needs: readonly ("kafka" | "postgres")[] };
			await t.resolves(
				checkPlaces(places, data, { needs, startedHere: () => true, allowDestructive: false }),
			);
			const workers = Object.keys(plan.subjects!);
			for (const kind of ["kill", "freeze"] as const) t.same(kinds[kind]!.on, workers);
			const steps = kinds.kill!.at ?? [];
			t.ok(steps.every(({ subject }) => workers.includes(subject)));
			t.equal("group-evicted" in kinds, name === "exactly-once" && engine === "node");
		});
