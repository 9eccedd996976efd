import t from "tap";
import type { Json } from "../../../../base/json.ts";
import type { FaultRecord } from "../../../../chaos/injection.ts";
import { digest } from "../../../../scenarios/kit/digest.ts";
import { exactlyOnce } from "../../../../scenarios/kit/exactly-once.ts";
import { judgement, type RunFacts } from "../../../../scenarios/streams/exactly-once/judgement.ts";
import type { Found } from "../../../../scenarios/streams/exactly-once/observe.ts";
import {
	type AnomalyName,
	anomalies,
} from "../../../../scenarios/streams/exactly-once/oracle/anomalies.ts";

const rows = ["0/0", "0/1", "1/0"];
const kill = {
	id: "kill-1",
	kind: "kill",
	on: "processor-1",
	case: null,
	params: {},
	at: { subject: "processor-1", step: "before-commit" },
	injectedMs: 9,
	provedMs: 10,
	state: "healed",
} as unknown as FaultRecord;

const none = (Object.keys(anomalies) as AnomalyName[]).map(
	(anomaly): Found => ({ anomaly, count: 0, first: [] }),
);
const results = await digest(rows, (row) => row);
const good = {
	params: {},
	faults: [kill],
	observed: {
		anomalies: none,
		results,
		attempts: { committed: 4, aborted: 1, fenced: 2, unknown: 1, died: 3 },
		abortedCount: 7,
		abortedSeenCount: 5,
		rightCount: 3,
		latency: { p50Ms: 200, p95Ms: 400 },
		work: {
			restores: [
				{ atMs: 5, restoreMs: 70 },
				{ atMs: 90, restoreMs: 30 },
				{ atMs: 95, restoreMs: 40 },
			],
			cpuMs: 6,
		},
		commit: { p50Ms: 3, p99Ms: 9 },
		cost: { pairs: [], ratio: 0.6, low: 0.5, high: 0.7 },
		offsets: [
			{ end: 2, committed: 2, done: 2 },
			{ end: 1, committed: 1, done: 1 },
		],
	},
	expected: { results, alteredCount: 0, accepted: exactlyOnce([], new Map()) },
} as unknown as RunFacts;

const observing = (change: Partial<RunFacts["observed"]>): RunFacts => ({
	...good,
	observed: { ...good.observed, ...change },
});
const withAnomaly = (anomaly: AnomalyName, count: number) =>
	observing({
		anomalies: none.map((one) =>
			one.anomaly === anomaly
				? { anomaly, count, first: [`${anomaly}: account-1, payment 0/1`] }
				: one,
		),
	});
const failedIn = (facts: RunFacts) =>
	Object.entries(judgement.checks!).flatMap(([id, { judge }]) =>
		judge(facts).ok === true ? [] : [id],
	);

t.test("where nothing is wrong every check holds, over what there was", (t) => {
	t.same(failedIn(good), []);
	for (const [id, check] of Object.entries(judgement.checks!)) {
		const judged = check.judge(good) as { over?: number | null };
		t.ok((judged.over ?? 0) > 0, `${id} judges something`);
	}
	t.end();
});

const caughtBy: Record<AnomalyName, string | null> = {
	"lost-write": "nothing-lost",
	unseen: "nothing-lost",
	"poll-skip": "nothing-lost",
	duplicate: "nothing-doubled",
	phantom: "nothing-doubled",
	"aborted-read": "nothing-aborted-seen",
	reordered: "nothing-reordered",
	// What it changes is in the digest.
	"wrong-balance": null,
	"nonmonotonic-poll": "polls-consistent",
	"inconsistent-offsets": "polls-consistent",
};
for (const [anomaly, check] of Object.entries(caughtBy) as [AnomalyName, string | null][])
	t.test(`${anomaly} is caught by ${check ?? "the digest of the results"}`, (t) => {
		const facts = withAnomaly(anomaly, 3);
		t.same(failedIn(facts), check === null ? [] : [check]);
		if (check !== null) {
			const judged = judgement.checks![check]!.judge(facts);
			t.match(
				judged.message,
				new RegExp(`3 ${anomaly}.*; the first is ${anomaly}: account-1, payment 0/1`),
			);
			t.match(judged.actual, { [anomaly]: 3, first: [/account-1/] });
		}
		t.end();
	});

const broken: [check: string, facts: RunFacts, why: string][] = [
	[
		"offsets-agree",
		observing({ offsets: [{ end: 2, committed: 1, done: 2 }] }),
		"an offset that was not committed",
	],
	[
		"offsets-agree",
		observing({ offsets: [{ end: 2, committed: 2, done: 1 }] }),
		"an offset that was committed without its work",
	],
	[
		"payments-as-sent",
		{ ...good, expected: { ...good.expected, alteredCount: 1 } },
		"a payment that is another in the log",
	],
	[
		"failures-struck",
		{ ...good, faults: [kill, { ...kill, provedMs: null, state: "no_effect" }] },
		"a failure that hit nobody",
	],
];
for (const [check, facts, why] of broken)
	t.test(`${check} does not hold with ${why}`, (t) => {
		t.same(failedIn(facts), [check]);
		t.end();
	});

t.test("failures that did not strike leave open what they would have done", (t) => {
	const missed = { ...kill, provedMs: null };
	const { ok } = judgement.checks!["failures-struck"]!.judge({ ...good, faults: [missed] });
	t.equal(ok, "cannot_tell");
	t.end();
});

t.test("where nothing was aborted nothing aborted can be seen", (t) => {
	for (const abortedCount of [0, null]) {
		const judged = judgement.checks!["nothing-aborted-seen"]!.judge(observing({ abortedCount }));
		t.match(judged, { ok: true, over: null } as { ok: boolean; over: Json });
	}
	t.end();
});

t.test("metrics count what is lost and doubled, and say what exactly once costs", (t) => {
	const measured = (name: string, facts: RunFacts) => judgement.metrics![name]!.measure(facts);
	t.equal(measured("duplicate_count", withAnomaly("duplicate", 3)), 3);
	t.equal(measured("lost_count", withAnomaly("unseen", 2)), 2);
	t.equal(measured("fenced_count", good), 2);
	t.equal(measured("aborted_seen_count", good), 5);
	t.equal(measured("commit_p99_ms", good), 9);
	t.equal(measured("accuracy_pct", good), 100);
	t.equal(measured("latency_p95_ms", good), 400);
	t.equal(measured("cpu_per_event_us", good), 2_000);
	t.equal(measured("restore_ms", good), 40, "of those after the first failure");
	t.equal(measured("exactly_once_cost_ratio", good), 0.6);
	t.equal(measured("exactly_once_cost_ratio", observing({ cost: null })), null);
	t.end();
});
