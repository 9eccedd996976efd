import t from "tap";
import { found } from "../../../scenarios/contract/found.ts";
import type { Plan } from "../../../scenarios/contract/plan.ts";
import type { Scenario } from "../../../scenarios/contract/scenario.ts";

t.test("what a found timeline runs lies beside the scenario that it was found for", (t) => {
	const plan: Plan = {
		phases: { steadyMs: 100 },
		paths: {},
		loads: {},
		subjects: { sink: { file: "./sink.ts" }, other: { command: ["true"] } },
		jobs: { replay: { file: "./replay.ts", args: ["--all"] }, build: { command: ["make"] } },
	};
	const base = { title: "Base", plan: () => plan } as unknown as Scenario;
	const trial = { title: "Broken", phases: { steadyMs: 50 }, faults: [] };
	const made = found(base, "file:///own/place/base.scenario.ts", trial);
	t.equal(made.title, "Broken");
	t.match(made.plan({} as never), {
		phases: { steadyMs: 50 },
		subjects: { sink: { file: "/own/place/sink.ts" }, other: { command: ["true"] } },
		jobs: {
			replay: { file: "/own/place/replay.ts", args: ["--all"] },
			build: { command: ["make"] },
		},
	});
	t.end();
});
