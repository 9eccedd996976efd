import t from "tap";
import { standardMetrics } from "../../../daemon/judgement/standard-metrics.ts";
import { summarize } from "../../../load/summary.ts";
import type { Facts } from "../../../scenarios/contract/facts.ts";

const fault = { injectedMs: 1_000, provedMs: 1_020 };
const alert = (...firedMs: number[]) => ({
	rule: "r",
	case: null,
	origin: "plan",
	firedMs,
	resolvedMs: [],
	acknowledgedMs: [],
	score: null,
});

function metricOf(name: string, given: object): number | null | undefined {
	const facts = { case: null, loads: [], faults: [], alerts: [], recovery: null, ...given };
	const found = standardMetrics(facts as unknown as Facts).find((metric) => metric.name === name);
	return found === undefined ? undefined : found.value;
}

t.test(
	"time to detect runs from the first proved injection to the first rule that fired after it",
	(t) => {
		const rows: [given: object, want: number | null | undefined, why: string][] = [
			[{ faults: [fault], alerts: [alert(1_700)] }, 700, "a rule fired"],
			[
				{ faults: [fault], alerts: [alert(400, 2_000)] },
				1_000,
				"what fired before was no detection",
			],
			[
				{ faults: [fault], alerts: [alert(3_000), alert(1_500)] },
				500,
				"the first of several rules",
			],
			[{ faults: [fault], alerts: [alert()] }, null, "nobody noticed"],
			[{ faults: [fault], alerts: [] }, undefined, "there was no rule"],
			[
				{ faults: [fault], alerts: [{ ...alert(1_500), origin: "received" }] },
				undefined,
				"a rule from outside is none of the scenario's",
			],
			[{ faults: [], alerts: [alert(1_500)] }, undefined, "there was no fault"],
			[
				{ faults: [{ injectedMs: 1_000, provedMs: null }], alerts: [alert(1_500)] },
				undefined,
				"what had no effect can't be detected",
			],
			[
				{ faults: [{ injectedMs: 1_900, provedMs: 2_000 }, fault], alerts: [alert(2_500)] },
				1_500,
				"from the earliest fault",
			],
		];
		for (const [given, want, why] of rows) t.equal(metricOf("mttd_ms", given), want, why);
		t.end();
	},
);

t.test(
	"time to recover is there where something recovered, and says when it is a lower bound",
	(t) => {
		t.equal(metricOf("mttr_ms", {}), undefined);
		const facts = {
			case: "c",
			loads: [],
			faults: [],
			alerts: [],
			recovery: { mttrMs: 9_000, afterHealMs: 8_000, censored: true },
		} as unknown as Facts;
		t.match(standardMetrics(facts), [
			{ name: "mttr_ms", case: "c", value: 9_000, unit: "ms", direction: "lower", censored: true },
		]);
		t.end();
	},
);

t.test("each load has its steady latency and throughput, of this machine", (t) => {
	const empty = summarize([], { fromMs: 0, toMs: 1_000 });
	const summary = {
		...empty,
		response_us: { ...empty.response_us, p50: 900, p99: 5_000 },
		achieved_per_sec: 240,
		censored: ["response_us.p99"],
	};
	const loads = ["warming", "steady", "all"].map((phase) => ({
		name: "orders",
		phase,
		summary,
		counters: {},
	}));
	const facts = { case: null, loads, faults: [], alerts: [], recovery: null } as unknown as Facts;
	t.same(
		standardMetrics(facts).map(({ name, value, unit, direction, portability, censored }) => [
			name,
			value,
			unit,
			direction,
			portability,
			censored,
		]),
		[
			["orders_steady_response_p50_us", 900, "us", "lower", "machine", false],
			["orders_steady_response_p99_us", 5_000, "us", "lower", "machine", true],
			["orders_steady_achieved_per_sec", 240, "per_sec", "higher", "machine", false],
		],
	);
	t.end();
});
