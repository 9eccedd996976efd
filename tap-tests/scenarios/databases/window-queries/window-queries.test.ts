import t from "tap";
import { noNames } from "../../../../base/run-names.ts";
import { checkPlan } from "../../../../daemon/runs/check-plan.ts";
import { resolveParams } from "../../../../scenarios/contract/params.ts";
import { phaseNames } from "../../../../scenarios/contract/phase.ts";
import type { PlanData } from "../../../../scenarios/contract/plan.ts";
import type { RunParams } from "../../../../scenarios/contract/run-params.ts";
import type { Scenario } from "../../../../scenarios/contract/scenario.ts";
import { readReceipt } from "../../../../scenarios/databases/window-queries/answers.ts";
import { serviceTimesOf } from "../../../../scenarios/databases/window-queries/service-times.ts";
import windowQueries from "../../../../scenarios/databases/window-queries/window-queries.scenario.ts";

const scenario = windowQueries as unknown as Scenario;
const rules = {
	schema: JSON.parse(JSON.stringify(windowQueries.params)),
	sizes: JSON.parse(JSON.stringify(windowQueries.sizes)),
	guarded: false,
};
const paramsOf = (given: Record<string, unknown> = {}) => resolveParams(rules, given).params;
const casesOf = (given: Record<string, unknown>): RunParams[] => {
	const params = paramsOf(given);
	return Object.values(scenario.cases!(params)).map(
		(over) => ({ ...params, ...over }) as RunParams,
	);
};

t.test("a case for each table, up to the size that the row names", (t) => {
	const rows = (given: Record<string, unknown>) => casesOf(given).map(({ rows }) => rows);
	t.same(rows({ size: "small" }), [1_000, 10_000]);
	t.same(rows({}), [10_000, 100_000]);
	t.same(rows({ size: "large" }), [10_000, 100_000, 1_000_000]);
	t.same(Object.keys(scenario.cases!(paramsOf())), ["10000-rows", "100000-rows"]);
	t.end();
});

t.test(
	"every case makes a plan that holds, with backends killed while the link is slow",
	async (t) => {
		for (const size of ["small", "default", "large"]) {
			for (const params of casesOf({ size })) {
				const plan = JSON.parse(JSON.stringify(scenario.plan(params))) as PlanData;
				await t.resolves(
					checkPlan(plan, ["postgres"], () => true),
					`${size} ${params.rows}`,
				);
				const [slow, ...kills] = plan.faults!;
				t.match(slow, { kind: "latency", on: "db", fromMs: 0 });
				t.ok(kills.length > 0);
				for (const kill of kills) {
					t.match(kill, { kind: "terminate-backends", on: "db" });
					t.ok(kill.fromMs > 0 && kill.toMs < slow!.toMs, "within the slow time");
				}
			}
		}
	},
);

t.test("a larger table is asked less often", (t) => {
	const rates = casesOf({ size: "large" }).map(
		(params) => (scenario.plan(params).loads.queries!.arrival as { ratePerSec: number }).ratePerSec,
	);
	t.ok(rates[0]! > rates[1]! && rates[1]! > rates[2]!, rates.join(", "));
	t.end();
});

t.test(
	"the queries take turns, then their parameters, and each answer says its phase",
	async (t) => {
		const params = casesOf({ size: "small" })[1]!;
		const plan = scenario.plan(params);
		const { work } = plan.loads.queries!;
		if (typeof work !== "function") throw new Error("its work is a function");
		const asked: unknown[] = [];
		const db = {
			run: async (question: { text: string; values: unknown[] }) => {
				asked.push(question.values);
				return { rows: [{ a: "1", b: null }], rowCount: 1 };
			},
		};
		const operationOf = (n: number, phase: string) => ({
			n,
			phase,
			intendedMs: 0,
			intendedAtMs: 0,
			signal: new AbortController().signal,
		});
		const operate = async (n: number, phase = "warming") =>
			readReceipt((await work({ db } as never, operationOf(n, phase), noNames))!);
		const receipts = await Promise.all(Array.from({ length: 21 }, (_, n) => operate(n)));
		t.equal(new Set(receipts.map(({ query }) => query)).size, 10);
		t.same(
			[0, 9, 10, 19, 20].map((n) => receipts[n]!.variant),
			[0, 0, 1, 1, 0],
		);
		t.match(receipts[0], { query: "running-total", rowCount: 1, phase: "warming" });
		t.same(asked[0], asked[20], "the same question again");
		for (const phase of phaseNames) t.equal((await operate(0, phase)).phase, phase);
	},
);

t.test("service times are of each query alone; of few answers the longest is the 99th", (t) => {
	const receipt = (query: string, serviceUs: number) => ({
		query,
		serviceUs,
		variant: 0,
		phase: "steady" as const,
		rowCount: 0,
		digest: "",
	});
	const times = serviceTimesOf([
		...Array.from({ length: 200 }, (_, i) => receipt("churn", (i + 1) * 1_000)),
		receipt("top-n", 3_000),
		receipt("top-n", 1_000),
	]);
	t.match(times, [
		{ query: "churn", answersCount: 200, p50Ms: 100, p99Ms: 198 },
		{ query: "top-n", answersCount: 2, p50Ms: 1, p99Ms: 3, decilesMs: { 0: 1, 10: 3 } },
	]);
	t.same(serviceTimesOf([]), []);
	t.end();
});
