import t from "tap";
import type { FaultRecord } from "../../../chaos/injection.ts";
import {
	type PostedAlert,
	ReceivedAlerts,
	type ScoredCase,
} from "../../../daemon/alerts/received.ts";

const zeroAtMs = Date.parse("2026-01-01T00:00:00Z");
const at = (ms: number) => new Date(zeroAtMs + ms).toISOString();

const inbox = (rules: object = {}) =>
	new ReceivedAlerts({ evaluationMs: 1_000, resolveTimeoutMs: 20_000, rules: { ...rules } });

const alert = (startMs: number, endMs: number | null, labels: object = {}): PostedAlert => ({
	labels: { alertname: "Slow", ...labels },
	startsAt: at(startMs),
	...(endMs !== null && { endsAt: at(endMs) }),
});

const fault = {
	id: "a",
	kind: "latency",
	on: "db",
	injectedMs: 10_000,
	provedMs: 10_020,
	healedMs: 15_000,
} as FaultRecord;
const scored: ScoredCase = {
	id: null,
	zeroAtMs,
	fromMs: 1_000,
	faults: [fault],
	time: { fromMs: 2_000, endMs: 30_000 },
};

/** Posts in order, each at its time; the firings in ms from the run's zero. */
function history(posts: [atMs: number, ...alerts: PostedAlert[]][], askedMs = 31_000) {
	const received = inbox();
	for (const [ms, ...alerts] of posts) received.take(alerts, zeroAtMs + ms);
	received.expire(zeroAtMs + askedMs);
	const [facts] = received.factsOf(scored);
	return { fired: facts?.firedMs ?? [], resolved: facts?.resolvedMs ?? [] };
}

t.test("alerts fold into firings as Alertmanager has them", (t) => {
	const rows: [
		why: string,
		posts: Parameters<typeof history>[0],
		fired: number[],
		resolved: number[],
	][] = [
		[
			"repeats are one firing, and an end in the past resolves it",
			[
				[12_000, alert(12_000, 16_000)],
				[13_000, alert(12_000, 17_000)],
				[14_000, alert(12_000, 18_000)],
				[17_500, alert(12_000, 17_300)],
				[18_500, alert(12_000, 17_300)],
			],
			[12_000],
			[17_300],
		],
		[
			"the first start counts",
			[
				[12_000, alert(12_000, 16_000)],
				[13_000, alert(13_000, 17_000)],
			],
			[12_000],
			[17_000],
		],
		[
			"what is not repeated ends when it said",
			[[12_000, alert(12_000, 16_000)]],
			[12_000],
			[16_000],
		],
		[
			"without an end it lasts the resolve timeout",
			[[5_000, alert(5_000, null)]],
			[5_000],
			[25_000],
		],
		["and is open before that", [[15_000, alert(15_000, null)]], [15_000], []],
		[
			"fired again after it had resolved",
			[
				[12_000, alert(12_000, 14_000)],
				[16_000, alert(16_000, 18_000)],
			],
			[12_000, 16_000],
			[14_000, 18_000],
		],
		["an end of nothing is nothing", [[12_000, alert(10_000, 11_000)]], [], []],
		[
			"Go's zero time is no end",
			[[9_000, { ...alert(9_000, null), endsAt: "0001-01-01T00:00:00Z" }]],
			[9_000],
			[29_000],
		],
		[
			"label sets of one rule that overlap are one firing of it",
			[
				[12_000, alert(12_000, 16_000, { instance: "a" })],
				[13_000, alert(13_000, 19_000, { instance: "b" })],
			],
			[12_000],
			[19_000],
		],
		["what had resolved before the case is none of its", [[100, alert(0, 900)]], [], []],
		[
			"what resolves after the load fired to its end",
			[[29_000, alert(29_000, 30_500)]],
			[29_000],
			[],
		],
	];
	for (const [why, posts, fired, resolved] of rows)
		t.same(history(posts), { fired, resolved }, why);
	t.end();
});

t.test("the order of labels makes no other alert, a value does", (t) => {
	const received = inbox();
	const post = (labels: Record<string, string>) =>
		received.take([{ labels, endsAt: at(20_000) }], zeroAtMs).map(({ change }) => change);
	t.same(post({ alertname: "a", b: "1" }), ["fired"]);
	t.same(post({ b: "1", alertname: "a" }), []);
	t.same(post({ alertname: "a", b: "2" }), ["fired"]);
	t.end();
});

t.test("they are scored as rules of the plan are, and one that never came is deaf", (t) => {
	const received = inbox({
		Slow: { forMs: 1_000 },
		Deaf: { forMs: 1_000 },
		Kills: { forMs: 0, about: { kind: "kill" } },
	});
	received.take([alert(12_000, 40_000)], zeroAtMs + 12_100);
	received.take([alert(20_000, 21_000, { alertname: "Nervous" })], zeroAtMs + 20_100);
	received.take([alert(12_000, 16_500)], zeroAtMs + 17_000);
	received.take([], zeroAtMs + 30_000);
	received.firings[0]!.acknowledgedAtMs = zeroAtMs + 13_000;
	t.match(received.factsOf(scored), [
		{ rule: "Deaf", origin: "received", firedMs: [], score: { precision: null, recall: 0 } },
		{ rule: "Kills", score: { precision: null, recall: null } },
		{ rule: "Nervous", firedMs: [20_000], score: { precision: 0, recall: 0, falseCount: 1 } },
		{
			rule: "Slow",
			firedMs: [12_000],
			resolvedMs: [16_500],
			acknowledgedMs: [13_000],
			score: {
				precision: 1,
				recall: 1,
				timeToDetectMs: 2_000,
				timeToResolveMs: 1_500,
				graceMs: 3_000,
				shortestFaultMs: 1_000,
			},
		},
	]);
	t.end();
});

t.test("a name that every object has is a name like any other", (t) => {
	const received = inbox();
	received.take([alert(12_000, 16_000, { alertname: "constructor" })], zeroAtMs + 12_100);
	t.match(received.factsOf(scored), [
		{ rule: "constructor", score: { graceMs: 2_000, recall: 1 } },
	]);
	t.end();
});

t.test("more label sets than can be are counted and not kept", (t) => {
	const received = inbox();
	const flood = Array.from({ length: 1_200 }, (_, i) => alert(0, 20_000, { i: `${i}` }));
	received.take(flood, zeroAtMs);
	t.equal(received.firings.length, 1_000);
	t.equal(received.droppedCount, 200);
	t.end();
});
