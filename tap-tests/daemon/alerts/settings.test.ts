import t from "tap";
import { readAlertSettings } from "../../../daemon/alerts/settings.ts";

t.test(
	"without alerts in the configuration nothing is told, and Prometheus's own times hold",
	(t) => {
		const problems: string[] = [];
		t.same(readAlertSettings(undefined, problems), {
			sinks: [],
			incoming: { evaluationMs: 60_000, resolveTimeoutMs: 300_000, rules: {} },
		});
		t.same(problems, []);
		t.end();
	},
);

t.test("sinks and rules outside are read", (t) => {
	const problems: string[] = [];
	const headers = { authorization: "Bearer hush" };
	const sinks = [
		{ kind: "log" },
		{ kind: "webhook", url: "https://hooks.example/hush", headers },
		{ kind: "alertmanager", url: "http://127.0.0.1:9093" },
	];
	const about = { kind: "latency", on: "db" };
	const incoming = { evaluationMs: 1_000, rules: { Slow: { forMs: 2_000, about }, Deaf: {} } };
	t.match(readAlertSettings({ sinks, incoming }, problems), {
		sinks: [{ kind: "log" }, { kind: "webhook", headers }, { kind: "alertmanager", headers: {} }],
		incoming: {
			evaluationMs: 1_000,
			resolveTimeoutMs: 300_000,
			rules: { Slow: { forMs: 2_000, about }, Deaf: { forMs: 0 } },
		},
	});
	t.same(problems, []);
	t.end();
});

t.test("each mistake is told with its place and what is allowed, and no secret", (t) => {
	const rows: [given: object | string, message: RegExp][] = [
		["loud", /^alerts in faultline\.config\.ts is wrong; allowed: an object with some of sinks/],
		[{ sink: [] }, /^alerts in .* some of sinks, incoming/],
		[{ sinks: {} }, /^alerts\.sinks .* a list/],
		[{ sinks: [{ kind: "log" }, { kind: "mail" }] }, /^alerts\.sinks\[1\] .*kind: "webhook"/],
		[{ sinks: [{ kind: "webhook", url: "ftp://hush" }] }, /^alerts\.sinks\[0\] .*begins with http/],
		[{ sinks: [{ kind: "webhook", url: "http://a", header: {} }] }, /^alerts\.sinks\[0\] /],
		[{ sinks: [{ kind: "webhook", url: "http://a", headers: { a: 1 } }] }, /values are texts/],
		[{ incoming: { evaluationMs: 0 } }, /^alerts\.incoming\.evaluationMs .* milliseconds from 1/],
		[
			{ incoming: { rules: { Slow: { for: 1 } } } },
			/^alerts\.incoming\.rules\.Slow .*forMs, about/,
		],
	];
	for (const [given, message] of rows) {
		const problems: string[] = [];
		readAlertSettings(given, problems);
		t.equal(problems.length, 1, JSON.stringify(given));
		t.match(problems[0], message);
		t.notMatch(problems[0], /hush/);
	}
	t.end();
});
