import t from "tap";
import { replayTimes } from "../../load/replay-times.ts";

const times = (...lines: string[]) => [...replayTimes("f", lines.join("\n"))];

t.test("times are read in each way that one can tell", async (t) => {
	const rows: [lines: string[], ms: number[], why: string][] = [
		[["0", "10", "250.5"], [0, 10, 250.5], "milliseconds from zero"],
		[["5", "10"], [5, 10], "which need not begin there"],
		[["0,GET /", "7 x", "8;y"], [0, 7, 8], "what follows is passed over"],
		[
			["\uFEFF# head\r", "", "1\r", "2\r"],
			[1, 2],
			"comments, line ends of Windows, a byte order mark",
		],
		[["1764165686", "1764165687.25"], [0, 1250], "epoch seconds"],
		[["1764165686100", "1764165686350"], [0, 250], "epoch milliseconds"],
		[["1764165686100000", "1764165686100500"], [0, 0.5], "epoch microseconds"],
		[["1764165686100000000", "1764165686100000500"], [0, 0.0005], "epoch nanoseconds"],
		[["2026-11-24T14:01:26Z", "2026-11-24T14:01:26.5Z"], [0, 500], "ISO 8601"],
		[["2026-11-24 14:01:26,100", "2026-11-24 14:01:26,350"], [0, 250], "as Python logs it"],
		[
			["2026-11-24 14:01:26.100 INFO a", "2026-11-24 14:01:27 INFO b"],
			[0, 900],
			"before a log line",
		],
		[["[2026-11-24 14:01:26] a", "[2026-11-24 14:01:27] b"], [0, 1000], "in brackets"],
		[['"2026-11-24T14:01:26","x"', '"2026-11-24T14:01:28","y"'], [0, 2000], "in a CSV's quotes"],
		[
			["2026-11-24T14:01:26.123456,200", "2026-11-24T14:01:26.123956,404"],
			[0, 0.5],
			"µs, then CSV",
		],
		[["2026-11-24T14:00:00+02:00", "2026-11-24T12:00:01Z"], [0, 1000], "zones"],
		[["2026-11-24T14:00:00+05:30", "2026-11-24T08:30:01Z"], [0, 1000], "a zone of half an hour"],
		[["2026-11-24T14:00:00-03", "2026-11-24T17:00:01Z"], [0, 1000], "a zone of hours alone"],
		[["2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"], [0, 0], "a leap second"],
		[["946684800000", "946684800500"], [0, 500], "epoch milliseconds of the year 2000"],
		[["2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z"], [0, 1000], "over midnight"],
		[
			[
				'1.2.3.4 - - [24/Nov/2026:14:01:26 +0000] "GET / HTTP/1.1" 200 5',
				'1.2.3.4 - - [24/Nov/2026:15:01:27 +0100] "GET / HTTP/1.1" 200 5',
			],
			[0, 1000],
			"an access log",
		],
	];
	for (const [lines, expected, why] of rows) {
		const seen = times(...lines);
		t.equal(seen.length, expected.length, why);
		for (const [i, ms] of expected.entries())
			t.ok(Math.abs(seen[i]! - ms) < 1e-4, `${why}: ${seen[i]}, not ${ms}`);
	}
});

t.test("what can't be told is refused, with the line's number and the line", async (t) => {
	const rows: [lines: string[], said: RegExp][] = [
		[["request 1", "request 2"], /line 1 of f is "request 1": no time/],
		[["timestamp,path", "5,/"], /line 1 of f is "timestamp,path"/],
		[["1", "soon"], /line 2 of f is "soon"/],
		[["0x10"], /"0x10"/],
		[["1e3"], /"1e3"/],
		[["-5"], /"-5"/],
		[["NaN"], /"NaN"/],
		[["2026-13-01T00:00:00Z"], /"2026-13-01/],
		[["2026-02-30T00:00:00Z"], /"2026-02-30/],
		[["2026-11-24T25:00:00Z"], /T25/],
		[["2026-11-24"], /"2026-11-24"/],
		[["\u001b[2J"], /is "\[2J"/],
		[["5", "3"], /line 2 of f is "3": before the line above it, by 2 ms/],
		[["2026-11-24T14:01:26Z", "2026-11-24T14:01:25Z"], /by 1000 ms/],
		[["0", "1764165686"], /line 2 .*epoch seconds, but line 1 is milliseconds from zero/],
		[["1764165686", "1764165687000"], /epoch milliseconds, but line 1 is epoch seconds/],
		[
			["2026-11-24T14:01:26Z", "2026-11-24T14:01:27"],
			/without a zone, taken for UTC, but line 1 is timestamp with a zone/,
		],
		[["# nothing", ""], /f has no times/],
		[[], /f has no times/],
	];
	for (const [lines, message] of rows)
		t.throws(() => times(...lines), { code: "FLT_PLAN_INVALID", message }, lines.join(" | "));
});
