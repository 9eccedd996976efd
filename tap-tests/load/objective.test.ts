import t from "tap";
import type { FaultlineError } from "../../base/errors.ts";
import { judgeObjective, parseObjective } from "../../load/objective.ts";
import type { LoadSummary } from "../../load/summary.ts";

const lags = { p50: 1, p99: 2, max: 3 };
const latencies = {
	p50: 1000,
	p90: 2000,
	p99: 19_000,
	p99_9: 50_000,
	p99_99: 60_000,
	max: 70_000,
	mean: 1500,
};

function summary(changes: Partial<LoadSummary> = {}): LoadSummary {
	return {
		offered_per_sec: 100,
		achieved_per_sec: 100,
		due_count: 1000,
		started_count: 1000,
		ok_count: 995,
		fail_count: 5,
		unknown_count: 0,
		dropped_count: 0,
		errors: { http_500: 5 },
		error_samples: { http_500: "500 Internal Server Error" },
		response_us: latencies,
		ok_within_us: latencies,
		service_us: latencies,
		censored: [],
		queue_us: lags,
		schedule_lag_us: lags,
		lateness: null,
		...changes,
	};
}

const judge = (text: string, changes?: Partial<LoadSummary>) =>
	judgeObjective(parseObjective(text), summary(changes));

t.test("a latency or the share of what was not ok is held against its limit", async (t) => {
	t.match(judge("p99<20ms"), { met: true, message: "p99<20ms: p99 was 19 ms" });
	t.match(judge("p99<19ms"), { met: false });
	t.match(judge("p99.9 < 1s", { ok_count: 1000 }), { met: true });
	t.match(judge(" p99_9<40ms ", { ok_count: 1000 }), { met: false });
	t.match(judge("mean<1500us"), { met: false }, "the limit itself is not below it");
	t.match(judge("errors<1%"), { met: true, message: "errors<1%: 0.5 % were not ok" });
	t.match(judge("errors<0.5%"), { met: false });
	t.match(judge("errors<0.25%"), { met: false });
	t.match(judge("errors<100%", { ok_count: 0 }), { met: false }, "one has to be ok");
	t.match(judge("errors<12.25%"), { met: true });
});

t.test("what did not end ok meets no limit, however quickly it failed", async (t) => {
	const none = { ...latencies, p99_9: null, p99_99: null, max: null, mean: null };
	t.match(judge("p99<20ms", { ok_within_us: none }), { met: true });
	for (const text of ["p99.9<1s", "p99.99<1s", "max<1s", "mean<1s"])
		t.match(judge(text, { ok_within_us: none }), {
			met: false,
			timed: false,
			message: /: it has no (p99\.9|p99\.99|max|mean), for 0\.5 % were not ok$/,
		});
	t.match(judge("errors<1%", { due_count: 0, ok_count: 0 }), {
		met: false,
		timed: true,
		message: "errors<1%: no operation was due",
	});
	t.match(judge("p99<20ms", { due_count: 0, ok_count: 0 }), { met: false });
});

const neverOrAlways = ["p99<0ms", "errors<0%", "errors<101%"];
const unclear = ["p99", "p99>20ms", "p42<20ms", "the p99<20ms", "p99<20ms or so", ""];
const noTime = ["p99<20"];
const noShare = ["errors<1", "errors<20ms", "errors<~1%", "errors<1%or-so"];
for (const text of [...unclear, ...noTime, ...noShare, ...neverOrAlways])
	t.test(`refused: "${text}"`, async (t) => {
		const refused = t.throws(() => parseObjective(text), { code: "FLT_USAGE" }) as FaultlineError;
		t.ok(refused.message.includes(`"${text}"`), refused.message);
		if (unclear.includes(text)) t.match(refused.hint, /p99<20ms.* p99\.99, max, mean, errors$/);
		if (noShare.includes(text)) t.match(refused.hint, /errors<1%/);
		if (text === "errors<0%") t.match(refused.message, /can't be met$/);
		if (text === "errors<101%") t.match(refused.message, /is always met$/);
	});

t.test("a latency that a late generator decides is left open, at either end", async (t) => {
	const lateness = {
		added_us: 6_000,
		hidden_us: 6_000,
		late_count: 5,
		at_most: {
			response_us: latencies,
			service_us: latencies,
			ok_within_us: { ...latencies, p99: 24_000 },
		},
	};
	const rows: [text: string, met: boolean | null, timed: boolean, why: string][] = [
		["p99<25ms", true, true, "met at its most too"],
		["p99<20ms", null, true, "met as told, 24 ms at its most"],
		["p99<10ms", null, true, "missed as told, 1 ms at its least"],
		["p99<1ms", false, true, "missed at its least too"],
		["errors<0.1%", null, true, "all may have been ok"],
		["errors<5%", true, false, "not even with five more"],
	];
	for (const [text, met, timed, why] of rows)
		t.match(judge(text, { lateness }), { met, timed }, why);
	t.match(judge("p99<20ms", { lateness }).message, /p99 was 19 ms, and .* perhaps 24 ms$/);
});

t.test("where the target refuses some, what came late may have been refused, or not", async (t) => {
	const late = (late_count: number, given: Partial<LoadSummary> = {}) => ({
		lateness: {
			added_us: 0,
			hidden_us: 0,
			late_count,
			at_most: { response_us: latencies, service_us: latencies, ok_within_us: latencies },
		},
		...given,
	});
	const none = { ok_within_us: { ...latencies, p99: null } };
	const greatest = { ok_within_us: { ...latencies, max: null, mean: null } };
	const refused = { ok_count: 985, fail_count: 15, ...none };
	const rows: [text: string, given: Partial<LoadSummary>, met: boolean | null, why: string][] = [
		["p99<20ms", late(5), true, "0.5 % were not ok, and at most 1 % would not have been"],
		["p99<20ms", late(6), null, "1.1 % might not have been"],
		["p99<20ms", late(4, refused), false, "1.5 % were not ok, 1.1 % at least would not have been"],
		["p99<20ms", late(5, refused), null, "1 % might not have been"],
		["max<80ms", late(4, greatest), false, "one of the due was not ok in any case"],
		["max<80ms", late(5, greatest), null, "all might have been ok"],
		["mean<80ms", late(5, greatest), null, "and so have a mean"],
		["errors<1%", late(4), true, "0.9 % at most"],
		["errors<1%", late(5), null, "1 % at most"],
		["errors<1%", late(5, refused), false, "1 % at least"],
		["errors<1%", late(6, refused), null, "0.9 % at least"],
		["errors<1%", late(900, { ok_count: 1000, fail_count: 0 }), true, "it refused none"],
		["errors<1%", late(1000, { ok_count: 0, fail_count: 1000 }), false, "it refused all"],
	];
	for (const [text, given, met, why] of rows)
		t.equal(judge(text, given).met, met, `${text}: ${why}`);
	t.match(judge("errors<1%", late(5)).message, /0.5 % were not ok, and .* perhaps 1 %$/);
});
