import fastify from "fastify";
import t from "tap";
import type { FaultlineError } from "../../../base/errors.ts";
import { installGuards } from "../../../daemon/api/guards.ts";
import { apiRig, host, ownerToken } from "./rig.ts";

const start = "/scenarios/retry-storm/start";

t.test("only a host that is ours is answered: a rebound DNS name is none", async (t) => {
	const { ask } = await apiRig(t, {
		guards: { allowedHosts: ["build.example", "Lab:8080", "[fd00::1]:7070"] },
	});
	const rows: [host: string, status: number, why: string][] = [
		["127.0.0.1:7070", 200, "loopback"],
		["localhost:7070", 200, "its name"],
		["LOCALHOST:7070", 200, "case is no difference to a name"],
		["[::1]:7070", 200, "loopback again"],
		["build.example", 200, "allowed by name, any port"],
		["build.example:1234", 200, "allowed by name, any port"],
		["lab:8080", 200, "allowed with its port, however it was written"],
		["127.0.0.1:7071", 403, "another port"],
		["127.0.0.1", 403, "another port: 80"],
		["evil.example:7070", 403, "a stranger that resolves to us"],
		["lab:8081", 403, "another port than the one allowed"],
		["localhost.evil.example:7070", 403, "a name that begins like ours"],
		["127.0.0.1:7070.evil.example", 403, "and another"],
		["evil.build.example", 403, "below an allowed name"],
		["", 403, "none"],
	];
	for (const [host, status, why] of rows)
		t.equal(
			(await ask("GET", "/healthz", { headers: { host } })).status,
			status,
			`${host}: ${why}`,
		);
	const { body } = await ask("GET", "/nothing", { headers: { host: "evil.example" } });
	t.match(
		body.error,
		{
			code: "FLT_FORBIDDEN",
			message: 'refused: Host is "evil.example"',
			hint: /FAULTLINE_ALLOWED_HOSTS/,
		},
		"not even what there is not",
	);
});

const typed = {
	"sec-fetch-site": "none",
	"sec-fetch-mode": "navigate",
	"sec-fetch-dest": "document",
};
const old = { "user-agent": "Mozilla/5.0 (X11; Linux) Old/1.0" };

type Row = [headers: Record<string, string>, get: number, post: number, why: string];
/** 200 is the page that asks first. */
const effects: Row[] = [
	[{}, 202, 202, "a program such as curl"],
	[{ "sec-fetch-mode": "cors", "user-agent": "node" }, 202, 202, "a program that uses fetch"],
	[{ "sec-fetch-site": "same-origin" }, 202, 202, "a page of ours"],
	[{ "sec-fetch-site": "same-origin", origin: `http://${host}` }, 202, 202, "with its origin"],
	[{ origin: "http://localhost:7070" }, 202, 202, "our other name"],
	[{ purpose: "" }, 202, 202, "no purpose at all"],
	[{ ...old, "x-faultline": "1" }, 202, 202, "a header that no foreign page can send"],
	[typed, 200, 403, "typed, or a link in a mail, wherever it led from there"],
	[{ "sec-fetch-site": "none" }, 200, 403, "such as saved from a link"],
	[{ ...typed, "sec-fetch-site": "same-origin" }, 200, 202, "a link of ours; and its button"],
	[old, 403, 403, "a browser that does not tell where a request comes from"],
	[{ ...old, origin: `http://${host}` }, 202, 202, "but it tells its page's origin"],
	[{ "sec-fetch-site": "cross-site" }, 403, 403, "another site's page"],
	[{ ...typed, "sec-fetch-site": "cross-site" }, 403, 403, "another site's link"],
	[{ "sec-fetch-site": "cross-site", "x-faultline": "1" }, 403, 403, "with a header of ours"],
	[{ "sec-fetch-site": "same-site" }, 403, 403, "another port of this machine is not us"],
	[{ "sec-fetch-site": "" }, 403, 403, "what no browser says"],
	[{ purpose: "prefetch" }, 403, 403, "looking ahead"],
	[{ "sec-purpose": "prefetch" }, 403, 403, "looking ahead"],
	[{ "sec-purpose": "prefetch;prerender" }, 403, 403, "looking further ahead"],
	[{ ...typed, "sec-purpose": "prefetch" }, 403, 403, "typed, but only looked ahead"],
	[{ origin: "https://evil.example" }, 403, 403, "another site's form"],
	[{ origin: "http://127.0.0.1:9999" }, 403, 403, "another program's page on this machine"],
	[{ origin: "http://127.0.0.1" }, 403, 403, "another port: 80"],
	[{ origin: "https://127.0.0.1" }, 403, 403, "and 443"],
	[{ origin: "null" }, 403, 403, "a page without an origin"],
	[{ origin: "file://127.0.0.1:7070" }, 403, 403, "no page of a server"],
];

for (const method of ["GET", "POST"] as const) {
	t.test(`what a browser can be made to send starts nothing, by ${method}`, async (t) => {
		const { ask, runs } = await apiRig(t);
		let started = 0;
		for (const [headers, get, post, why] of effects) {
			const status = method === "GET" ? get : post;
			const answer = await ask(method, start, { headers });
			t.equal(answer.status, status, `${JSON.stringify(headers)}: ${why}`);
			if (status === 202) started += 1;
			if (status === 403) t.equal(answer.body.error.code, "FLT_FORBIDDEN");
			t.equal(runs.started.length, started, why);
		}
	});
}

t.test("an address that is opened asks first, and its button starts what it says", async (t) => {
	const { ask, runs } = await apiRig(t);
	const url = `${start}?ratePerSec=20&seed=%3Cb%3E`;
	const { status, text, headers } = await ask("GET", url, { headers: typed });
	t.equal(status, 200);
	t.match(headers["content-type"], /^text\/html/);
	t.match(text, /POST \/scenarios\/retry-storm\/start/);
	t.match(text, /ratePerSec<\/th><td>20</);
	t.notMatch(text, "<b>", "whatever the link says is text");
	t.same(runs.started, []);
	const [, action] = /<form method="post" action="([^"]+)"><button>/.exec(text) ?? [];
	t.equal(action?.replaceAll("&#38;", "&"), url);
	const suite = await ask("GET", "/suites/storms/start", { headers: typed });
	t.match(suite.text, /POST \/suites\/storms\/start/);
	const button = {
		...typed,
		"sec-fetch-site": "same-origin",
		origin: `http://${host}`,
		"content-type": "application/x-www-form-urlencoded",
	};
	const pressed = await ask("POST", `${start}?ratePerSec=20`, { headers: button });
	t.equal(pressed.status, 202);
	t.match(runs.started, [{ ratePerSec: 20 }]);
});

t.test("at a name that browsers do not protect only what no page can send starts", async (t) => {
	const { ask, runs } = await apiRig(t, {
		guards: { allowedHosts: ["lab", "build.example:443"], token: "a-token-for-everybody" },
	});
	const open = await apiRig(t, { guards: { allowedHosts: ["lab", "build.example:443"] } });
	const lab = "lab:7070";
	const rows: [headers: Record<string, string>, status: number, why: string][] = [
		[{}, 403, "an image of any page would send the same"],
		[old, 403, "the same"],
		[{ "x-faultline": "1" }, 202, "a page would have to ask first"],
		[{ authorization: `Bearer ${ownerToken}` }, 202, "no page knows it"],
		[{ authorization: "Bearer wrong" }, 403, "any page could"],
		[{ "sec-fetch-site": "same-origin" }, 202, "such as behind a proxy that has TLS"],
		[{ origin: "http://lab:7070" }, 202, "a page of ours"],
		[{ origin: "http://lab" }, 403, "another port of that name"],
		[{ origin: "http://lab:9999" }, 403, "and another"],
		[{ origin: "https://lab:7070", "sec-fetch-site": "cross-site" }, 403, "another's page"],
		[{ origin: "https://build.example" }, 202, "listed with its port"],
		[{ origin: "http://build.example" }, 403, "another port than the one listed"],
	];
	let started = 0;
	for (const [more, status, why] of rows) {
		const answer = await open.ask("GET", start, { headers: { host: lab, ...more } });
		t.equal(answer.status, status, `${JSON.stringify(more)}: ${why}`);
		if (status === 202) started += 1;
		t.equal(open.runs.started.length, started, why);
	}
	const refused = await open.ask("POST", start, { headers: { host: lab } });
	t.match(refused.body.error, { message: /Host is "lab:7070"/, hint: /X-Faultline: 1.*token/ });
	const read = await open.ask("GET", "/runs", { headers: { host: lab } });
	t.equal(read.status, 200, "reading starts nothing");
	const headers = { host: lab, authorization: "Bearer a-token-for-everybody" };
	t.equal((await ask("GET", start, { headers })).status, 202, "the token that all need");
	t.equal(runs.started.length, 1);
});

t.test("stopping a run is an effect as well, and a foreign page reads nothing", async (t) => {
	const { ask, runs } = await apiRig(t);
	const { runId } = (await ask("POST", start)).body;
	for (const headers of [
		{ "sec-fetch-site": "cross-site" },
		{ "sec-fetch-site": "same-site" },
		{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
		{ origin: "https://evil.example" },
	]) {
		t.equal((await ask("POST", `/runs/${runId}/stop`, { headers })).status, 403);
		for (const path of ["", "/events", "/latency.hlog"])
			t.equal((await ask("GET", `/runs/${runId}${path}`, { headers })).status, 403);
	}
	t.same(runs.stopped, []);
	const link = { ...typed, "sec-fetch-site": "cross-site" };
	t.equal((await ask("GET", `/runs/${runId}`, { headers: link })).status, 200, "a link to it");
	t.equal((await ask("POST", `/runs/${runId}/stop`)).status, 200);
	t.same(runs.stopped, [runId]);
});

t.test("a HEAD of the call that starts runs starts none", async (t) => {
	const { ask, runs } = await apiRig(t);
	t.equal((await ask("HEAD", start)).status, 405);
	t.same(runs.started, []);
});

t.test("a file is run only with the owner's token", async (t) => {
	const { ask, runs } = await apiRig(t);
	const payload = { file: "/nowhere/mine.scenario.ts" };
	const rows: [authorization: string | undefined, status: number, why: string][] = [
		[undefined, 401, "none"],
		["Bearer ", 401, "empty"],
		["Bearer wrong", 401, "another"],
		[`Bearer ${ownerToken.slice(0, -1)}1`.slice(0, -1), 401, "shorter"],
		[`Bearer ${"x".repeat(ownerToken.length)}`, 401, "as long, and another"],
		[ownerToken, 401, "without Bearer"],
		[`Bearer ${ownerToken}`, 404, "the owner may ask, and the file is not there"],
	];
	for (const [authorization, status, why] of rows) {
		const headers = authorization === undefined ? {} : { authorization };
		const answer = await ask("POST", "/runs", { payload, headers });
		t.equal(answer.status, status, why);
		if (status === 401)
			t.match(answer.body.error, { code: "FLT_UNAUTHORIZED", hint: /owner's token/ });
	}
	const foreign = { authorization: `Bearer ${ownerToken}`, "sec-fetch-site": "cross-site" };
	t.equal((await ask("POST", "/runs", { payload, headers: foreign })).status, 403);
	t.same(runs.started, []);
});

t.test("where a token is set every call needs one, what does not exist as well", async (t) => {
	const token = "a-token-for-everybody-else";
	const { ask } = await apiRig(t, { guards: { token } });
	const paths = ["/scenarios", "/runs", "/stack", "/healthz", "/openapi.json", "/nothing", start];
	for (const path of paths) {
		const { status, body } = await ask("GET", path);
		t.equal(status, 401, path);
		t.match(body.error, { code: "FLT_UNAUTHORIZED", hint: /FAULTLINE_TOKEN/ });
	}
	const headers = { authorization: `Bearer ${token}` };
	t.equal((await ask("GET", "/scenarios", { headers })).status, 200);
	t.equal((await ask("GET", start, { headers })).status, 202);
	const owner = { authorization: `Bearer ${ownerToken}` };
	t.equal((await ask("GET", "/scenarios", { headers: owner })).status, 200, "its owner may all");
});

t.test("the token that every call needs runs no file: that is the owner's", async (t) => {
	const token = "a-token-for-everybody-else";
	const { ask, runs } = await apiRig(t, { guards: { token } });
	const payload = { file: "/nowhere/mine.scenario.ts" };
	const as = (bearer: string) => ({ payload, headers: { authorization: `Bearer ${bearer}` } });
	const { status, body } = await ask("POST", "/runs", as(token));
	t.equal(status, 401);
	t.match(body.error, { message: /another was sent/, hint: /owner's token/ });
	const none = await ask("POST", "/runs", { payload });
	t.match(none.body.error, { code: "FLT_UNAUTHORIZED", message: /none was sent/ });
	t.equal((await ask("POST", "/runs", as(ownerToken))).status, 404);
	t.same(runs.started, []);
});

t.test("what is no GET has an effect, though its call does not say so", async (t) => {
	const app = fastify();
	t.teardown(() => app.close());
	const names = { allowedHosts: [], port: () => 7070 };
	installGuards(app, { ...names, token: null, ownerToken });
	app.setErrorHandler((error, _, reply) => reply.code((error as FaultlineError).status).send());
	app.get("/x", () => "read");
	app.post("/x", () => "done");
	const answers = (method: "GET" | "POST", headers: Record<string, string>) =>
		app.inject({ method, url: "/x", headers: { host, ...headers } });
	const link = { ...typed, "sec-fetch-site": "cross-site" };
	for (const headers of [typed, link, old]) {
		t.equal((await answers("POST", headers)).statusCode, 403, JSON.stringify(headers));
		t.equal((await answers("GET", headers)).statusCode, 200, JSON.stringify(headers));
	}
	t.equal((await answers("POST", {})).body, "done");
});

t.test("a token that could be guessed opens no door", async (t) => {
	for (const guards of [{ ownerToken: "" }, { ownerToken: "short" }, { token: "" }])
		await t.rejects(apiRig(t, { guards }), { code: "FLT_USAGE", message: /could be guessed/ });
});

t.test(
	"every answer, an error as well, is nobody else's to keep, guess, frame or read",
	async (t) => {
		const { ask } = await apiRig(t);
		const answers = [
			...(await Promise.all(
				["/runs", "/scenarios", start, "/nothing", "/runs/nobody", "/%E0%A4%A"].map((path) =>
					ask("GET", path),
				),
			)),
			await ask("GET", start, { headers: typed }),
			await ask("GET", "/runs", { headers: { host: "evil.example" } }),
		];
		for (const { headers } of answers)
			t.match(headers, {
				"cache-control": "no-store",
				"x-content-type-options": "nosniff",
				"cross-origin-resource-policy": "same-origin",
				"content-security-policy": /default-src 'none'.*frame-ancestors 'none'/,
			});
	},
);
