import { type AddressInfo, connect } from "node:net";
import type { InjectOptions } from "fastify";
import t from "tap";
import { apiRig, ownerToken } from "./rig.ts";

const start = "/scenarios/retry-storm/start";
const json = { "content-type": "application/json" };
const owner = { authorization: `Bearer ${ownerToken}` };

type Row = [
	method: "GET" | "POST" | "DELETE",
	url: string,
	more: InjectOptions,
	status: number,
	message: RegExp,
	why: string,
];

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const text = (payload: string): InjectOptions => ({ payload, headers: json });

t.test("what the caller did wrong is 4xx in our own shape, whoever noticed it", async (t) => {
	const { ask, runs, logged } = await apiRig(t);
	const many = Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`p${n}`, "x"]));
	const rows: Row[] = [
		["POST", start, text("{"), 400, /JSON/i, "no JSON"],
		["POST", start, text(""), 400, /empty/i, "none, and said to be JSON"],
		["POST", start, text('"abc"'), 400, /body must be object/, "a text"],
		["POST", start, text("5"), 400, /body must be object/, "a number"],
		["POST", start, text("null"), 400, /body must be object/, "nothing"],
		["POST", start, text("[]"), 400, /body must be object/, "a list"],
		["POST", start, text('{"__proto__":{"seed":5}}'), 400, /forbidden|JSON/i, "a prototype"],
		["POST", start, text('{"wait":"maybe"}'), 400, /wait/, "neither true nor false"],
		["POST", start, text('{"wait":1}'), 400, /wait/, "nor 1"],
		["POST", start, text('{"format":"html"}'), 400, /format/, "no form of ours"],
		["GET", "/stack?format=xml", {}, 400, /allowed values: json, text$/, "nor there"],
		["POST", start, text('{"seed":[5]}'), 400, /^seed: .* is \[5\]$/, "no number"],
		["POST", start, text('{"seed":null}'), 400, /^seed: /, "nothing"],
		["POST", start, text('{"retries":[1]}'), 400, /^retries: /, "no number"],
		["POST", start, text('{"guard":["on"]}'), 400, /^guard: /, "no text"],
		["POST", start, text('{"ratePerSec":null}'), 400, /^ratePerSec: .* is null$/, "nothing"],
		["POST", start, text('{"ratePerSec":true}'), 400, /^ratePerSec: .* is true$/, "no number"],
		["POST", start, text('{"ratePerSec":1e999}'), 400, /beyond any/, "no number has room for it"],
		["GET", `${start}?ratePerSec=0x100`, {}, 400, /^ratePerSec: .* is "0x100"$/, "no decimal"],
		["GET", `${start}?ratePerSec=%205`, {}, 400, /^ratePerSec: /, "with a space"],
		["GET", `${start}?ratePerSec=1e999`, {}, 400, /^ratePerSec: /, "beyond any number"],
		["GET", `${start}?seed=0x10`, {}, 400, /^seed: /, "no decimal"],
		["GET", `${start}?${"x".repeat(500)}=1`, {}, 400, /property name/, "no such name is that long"],
		["POST", start, text(nested(20_000)), 400, /nests deeper/, "deep"],
		["POST", start, text(`{"ratePerSec":${nested(20_000)}}`), 400, /nests deeper/, "deep inside"],
		["POST", start, text(nested(33)), 400, /body must be object/, "as deep as may be"],
		["POST", start, text(nested(34)), 400, /nests deeper than 32/, "one deeper"],
		["POST", start, text(`[${"0,".repeat(9_998)}0]`), 400, /body must be object/, "as many"],
		["POST", start, text(`[${"0,".repeat(9_999)}0]`), 400, /more than 10000/, "one more"],
		["POST", start, text(nested(200_000)), 413, /large/i, "deep and long"],
		["POST", start, text(JSON.stringify(many)), 400, /properties/, "many"],
		["POST", start, text(`[${"0,".repeat(20_000)}0]`), 400, /more than 10000/, "a lot of values"],
		["POST", start, text(`{"a":"${"x".repeat(2 ** 17)}"}`), 413, /large/i, "much"],
		["POST", start, { payload: "a=5" }, 415, /media/i, "what is not said"],
		[
			"POST",
			start,
			{ payload: "seed=5", headers: { "content-type": "text/plain" } },
			415,
			/media/i,
			"text",
		],
		[
			"POST",
			start,
			{ payload: "<a/>", headers: { "content-type": "a/xml" } },
			415,
			/media/i,
			"XML",
		],
		[
			"POST",
			start,
			{ payload: "seed=5", headers: { "content-type": "application/x-www-form-urlencoded" } },
			415,
			/form/,
			"a form",
		],
		["GET", "/runs?limit=many", {}, 400, /limit must be integer/, "no number"],
		["GET", "/runs?limit=1e999", {}, 400, /limit must be integer/, "nor that"],
		["GET", "/runs?limit=0x10", {}, 400, /limit must be integer/, "nor that"],
		["GET", "/runs?limit=", {}, 400, /limit must be integer/, "nor that"],
		["GET", "/runs?limit=5&limit=6", {}, 400, /limit must be integer/, "two"],
		["GET", "/runs?limit=0", {}, 400, /limit must be >= 1/, "out of bounds"],
		["GET", "/runs?limt=5", {}, 400, /additional properties/, "mistyped"],
		["GET", `/runs/${"x".repeat(201)}`, {}, 400, /more than 200 characters/, "no id is that long"],
		["GET", "/%E0%A4%A", {}, 400, /valid url/i, "no URL"],
		["POST", "/runs", { payload: {}, headers: owner }, 400, /required property 'file'/, "no file"],
		[
			"POST",
			"/runs",
			{ payload: { file: "/a.scenario.ts", parms: { seed: 5 } }, headers: owner },
			400,
			/additional properties/,
			"a mistyped key would run with defaults",
		],
		[
			"POST",
			"/runs",
			{ payload: { file: "/a\0.scenario.ts" }, headers: owner },
			400,
			/pattern/,
			"NUL",
		],
		[
			"POST",
			"/runs",
			{ payload: { file: ["/a.scenario.ts"] }, headers: owner },
			400,
			/string/,
			"a list",
		],
		[
			"POST",
			"/suites",
			{ payload: { file: "/a\0.suite.ts" }, headers: owner },
			400,
			/pattern/,
			"NUL",
		],
		["POST", "/faults", text('{"kind":"down","on":"db","forMs":"5000"}'), 400, /integer/, "a text"],
		["POST", "/faults", text('{"kind":5,"on":"db","forMs":5000}'), 400, /string/, "a number"],
		[
			"POST",
			"/faults",
			{ payload: { kind: "k".repeat(50_000), on: "db", forMs: 5_000 } },
			400,
			/more than 100 characters/,
			"no kind is that long",
		],
		["POST", "/runs/a/loads/b", text('{"ratePerSec":null}'), 400, /./, "nothing"],
		["POST", "/runs/a/loads/b", text('{"paused":"maybe"}'), 400, /./, "neither"],
	];
	for (const [method, url, more, wanted, message, why] of rows) {
		const { status, body } = await ask(method, url, more);
		t.equal(status, wanted, why);
		t.match(body, { error: { code: /^FLT_/, message, hint: String } }, why);
		t.same(Object.keys(body), ["error"]);
	}
	t.same(runs.started, []);
	t.same(logged, [], "nothing of it is a mistake of ours");
});

t.test("a start takes no body, an empty one, or parameters of their own types", async (t) => {
	const { ask, runs } = await apiRig(t);
	for (const more of [{}, text("{}"), text('{"ratePerSec":240}'), text('{"ratePerSec":"240"}')])
		t.equal((await ask("POST", start, more)).status, 202);
	t.match(runs.started, [
		{ ratePerSec: 240 },
		{ ratePerSec: 240 },
		{ ratePerSec: 240 },
		{ ratePerSec: 240 },
	]);
	const asked = ask("POST", start, text('{"wait":true,"format":"text"}'));
	while (runs.lives.size < 5) await new Promise(setImmediate);
	[...runs.lives.values()].at(-1)!.end();
	t.match((await asked).text, /^retry-storm /);
});

t.test("a name as long as a book is refused in no time, wherever it stands", async (t) => {
	const { ask } = await apiRig(t);
	const name = "n".repeat(60_000);
	const before = performance.eventLoopUtilization().active;
	for (const [url, payload] of [
		[start, { [name]: 5 }],
		[start, { seed: name }],
		["/faults", { kind: name, on: "db", forMs: 1_000 }],
		["/runs", { file: name }],
	] as const) {
		const { status, text } = await ask("POST", url, { payload, headers: owner });
		t.equal(status, 400, url);
		t.ok(text.length < 10_000, "and is not told back");
	}
	t.ok(performance.eventLoopUtilization().active - before < 2_000);
});

t.test("what is no request, or too much of one, is answered in our shape as well", async (t) => {
	let port = 0;
	const { app } = await apiRig(t, { guards: { port: () => port } });
	await app.listen({ port: 0, host: "127.0.0.1" });
	port = (app.server.address() as AddressInfo).port;
	const rows: [sent: string, status: number, code: string][] = [
		["nonsense\r\n\r\n", 400, "FLT_USAGE"],
		[`GET / HTTP/1.1\r\nhost: a\r\nx: ${"x".repeat(20_000)}\r\n\r\n`, 431, "FLT_TOO_LARGE"],
	];
	for (const [sent, status, code] of rows) {
		const socket = connect(port, "127.0.0.1").end(sent);
		let text = "";
		for await (const bytes of socket.setEncoding("utf8")) text += bytes;
		t.match(text, new RegExp(`^HTTP/1.1 ${status} `));
		t.match(text, /x-content-type-options: nosniff/);
		t.match(JSON.parse(text.split("\r\n\r\n")[1]!), { error: { code, message: String } });
	}
	t.ok(app.server.requestTimeout > 0 && app.server.requestTimeout <= 10_000, "nor too slow");
	t.ok(app.server.headersTimeout <= 10_000);
});
