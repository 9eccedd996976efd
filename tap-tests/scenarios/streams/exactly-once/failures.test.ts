import t from "tap";
import { checkPlan } from "../../../../daemon/runs/check-plan.ts";
import { resolveParams } from "../../../../scenarios/contract/params.ts";
import { fullPhases, type PlanData } from "../../../../scenarios/contract/plan.ts";
import type { RunParams } from "../../../../scenarios/contract/run-params.ts";
import type { Scenario } from "../../../../scenarios/contract/scenario.ts";
import { steps } from "../../../../scenarios/streams/exactly-once/attempts.ts";
import base from "../../../../scenarios/streams/exactly-once/exactly-once.scenario.ts";
import { failureNames, failureOf } from "../../../../scenarios/streams/exactly-once/failure.ts";
import { failureScript } from "../../../../scenarios/streams/exactly-once/failures.ts";
import { type P, sinkNames } from "../../../../scenarios/streams/exactly-once/params.ts";

const scenario = base as unknown as Scenario;

function paramsOf(given: Record<string, unknown>): P {
	const { params: schema, sizes } = scenario;
	const rules = { schema: JSON.parse(JSON.stringify(schema)), sizes, guarded: true };
	return resolveParams(rules as never, given).params as unknown as P;
}

t.test(
	"at its default size a run has twenty failures of seven kinds, a kill in each gap among them",
	(t) => {
		for (const sink of sinkNames) {
			const script = failureScript(paramsOf({ sink }));
			t.equal(script.length, 20, sink);
			const kinds = new Set(script.map(failureOf));
			t.equal(kinds.size, 7);
			t.notOk(kinds.has(null), "each is known by its name");
			const killed = script.flatMap(({ kind, on, at }) =>
				kind === "kill" && on !== "kafka" ? [at!.step] : [],
			);
			for (const step of steps) t.equal(killed.filter((one) => one === step).length, 3, step);
			for (const { kind, at } of script)
				t.equal(at === undefined, kind === "hold-at-step", `${kind} strikes at a step`);
			const resets = script.filter(({ kind }) => kind === "reset");
			t.equal(resets.length, 5);
			const wanted = sink === "kafka" ? "log" : "store";
			t.ok(
				resets.every(({ on }) => on === wanted),
				`on the way of the results, ${wanted}`,
			);
		}
		t.end();
	},
);

t.test(
	"failures come one after another, in an order and to processors that the seed draws",
	(t) => {
		const script = failureScript(paramsOf({ seed: 3 }));
		for (const [i, { fromMs, toMs }] of script.entries()) {
			t.ok(toMs > fromMs);
			if (i > 0) t.ok(fromMs >= script[i - 1]!.toMs + 1_300);
		}
		t.same(failureScript(paramsOf({ seed: 3 })), script);
		t.notSame(failureScript(paramsOf({ seed: 4 })), script);
		const struck = new Set(script.flatMap(({ at }) => at?.subject ?? []));
		t.equal(struck.size, 3, "all processors are struck");
		t.end();
	},
);

t.test(
	"at its small size a kill comes to each gap at once, as far as there are processors",
	(t) => {
		const script = failureScript(paramsOf({ size: "small" }));
		t.same(
			script.map(({ kind }) => kind),
			["kill", "kill", "kill"],
		);
		t.same(new Set(script.map(({ at }) => at!.step)), new Set(steps));
		t.same(
			script.map(({ fromMs }) => fromMs),
			[0, 0, 0],
		);
		t.equal(new Set(script.map(({ on }) => on)).size, 3, "each to a processor of its own");
		const alone = failureScript(paramsOf({ size: "small", processors: 1 }));
		t.same(new Set(alone.map(({ on }) => on)), new Set(["processor-1"]));
		t.equal(new Set(alone.map(({ fromMs }) => fromMs)).size, 3, "one after another to one alone");
		t.end();
	},
);

t.test(
	"with three brokers leaders go as well, and each kind of failure strikes some engine",
	(t) => {
		const script = failureScript(paramsOf({ size: "large" }));
		t.equal(script.length, 69);
		const ofFlink = failureScript(paramsOf({ size: "large", engine: "flink" }));
		const kinds = new Set([...script, ...ofFlink].map(failureOf));
		t.same(kinds, new Set(Object.keys(failureNames)));
		t.end();
	},
);

const ofJobs: [engine: string, apartMs: number, kinds: string[]][] = [
	["flink", 1_300, ["kill", "reset-request", "reset-answer", "freeze", "broker-killed"]],
	[
		"spark",
		6_300,
		["kill", "reset-request", "reset-answer", "freeze", "broker-killed", "time-out"],
	],
];
for (const [engine, apartMs, kinds] of ofJobs)
	t.test(
		`a job on ${engine}, no group's, has twenty failures of ${kinds.length} kinds, one after another`,
		(t) => {
			for (const seed of [1, 2, 3]) {
				const script = failureScript(paramsOf({ engine, seed }));
				t.equal(script.length, 20);
				t.same(new Set(script.map(failureOf)), new Set(kinds));
				t.ok(
					script.every(
						({ kind, on, at }) => (kind === "hold-at-step" ? on : at?.subject) === engine,
					),
				);
				for (const [i, { fromMs }] of script.slice(1).entries())
					t.ok(fromMs >= script[i]!.toMs + apartMs);
			}
			const gaps = failureScript(paramsOf({ engine, size: "small" }));
			t.same(
				gaps.map(({ kind, at }) => [kind, at!.step]),
				steps.map((step) => ["kill", step]),
			);
			for (const [i, { fromMs }] of gaps.slice(1).entries()) t.ok(fromMs > gaps[i]!.toMs);
			t.end();
		},
	);

t.test("what alone takes too long strikes each engine by itself", (t) => {
	for (const [engine, param, toMs] of [
		["node", "transactionMs", 2_500],
		["flink", "flinkTransactionMs", 2_500],
		["spark", "transactionMs", 14_500],
	] as const)
		t.match(failureScript(paramsOf({ engine, script: "time-out", [param]: 1_000 })), [
			{ kind: "hold-at-step", params: { step: "before-commit" }, toMs },
		]);
	t.end();
});

t.test("every size and sink makes a plan that holds together", async (t) => {
	for (const size of ["small", "default", "large"])
		for (const sink of sinkNames)
			for (const guard of ["on", "off"]) {
				const params = paramsOf({ size, sink, guard }) as unknown as RunParams;
				const plan = scenario.plan(params);
				const data = { ...plan, phases: fullPhases(plan.phases) } as unknown as PlanData;
				await checkPlan(data, ["kafka", "postgres"], () => true);
				for (const subject of Object.values(plan.subjects ?? {}))
					t.match(subject.env, { SINK: sink, GUARD: guard });
			}
});

t.test("a plan on flink is told what a job is; where it can't write to is refused", async (t) => {
	for (const [sink, guard] of [
		["kafka", "on"],
		["kafka", "off"],
		["upsert", "on"],
	]) {
		const params = paramsOf({ engine: "flink", sink, guard }) as unknown as RunParams;
		const plan = scenario.plan(params);
		const data = { ...plan, phases: fullPhases(plan.phases) } as unknown as PlanData;
		await checkPlan(data, ["kafka", "postgres"], () => true);
		const env = {
			SINK: sink,
			GUARD: guard,
			CHECKPOINT_MS: 200,
			PARALLELISM: 3,
			TRANSACTION_TIMEOUT_MS: 60_000,
		};
		t.match(plan.subjects, { flink: { command: ["flink-run"], env } });
	}
	const refused = paramsOf({ engine: "flink", sink: "postgres" }) as unknown as RunParams;
	t.throws(() => scenario.plan(refused), {
		message: "sink=postgres is nothing that engine=flink can write to; there are kafka, upsert",
	});
	t.end();
});

t.test(
	"a plan on spark is told what a query is, with any sink; a cluster that it can't be given to is refused",
	async (t) => {
		for (const sink of sinkNames)
			for (const guard of ["on", "off"]) {
				const params = paramsOf({ engine: "spark", sink, guard }) as unknown as RunParams;
				const plan = scenario.plan(params);
				const data = { ...plan, phases: fullPhases(plan.phases) } as unknown as PlanData;
				await checkPlan(data, ["kafka", "postgres"], () => true);
				const env = {
					SINK: sink,
					GUARD: guard,
					BATCH_MS: 500,
					PARALLELISM: 3,
					TRANSACTION_TIMEOUT_MS: 20_000,
					IDLE_TIMEOUT_MS: 1_000,
				};
				t.match(plan.subjects, { spark: { command: ["python3", /exactly_once\.py$/], env } });
			}
		const refused = paramsOf({ engine: "spark", sparkMaster: "yarn" }) as unknown as RunParams;
		t.throws(() => scenario.plan(refused), { message: /^sparkMaster=yarn is no cluster / });
		t.end();
	},
);

t.test("a fault of another kind is no failure of the script", (t) => {
	t.equal(failureOf({ kind: "latency", on: "log", params: { latencyMs: 3 } }), null);
	t.equal(failureOf({ kind: "kill", on: "kafka-2", params: {} }), "broker-killed");
	t.equal(failureOf({ kind: "freeze", on: "flink", params: {} }), "freeze");
	t.equal(failureOf({ kind: "freeze", on: "spark", params: {} }), "freeze");
	t.equal(failureOf({ kind: "freeze", on: "processor-2", params: {} }), "zombie");
	t.equal(failureOf({ kind: "reset", on: "log", params: {} }), "reset-request");
	t.end();
});
