import t from "tap";
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

const effects: [headers: Record<string, string>, status: number, why: string][] = [
	[{}, 202, "a program such as curl"],
	[{ "sec-fetch-site": "none" }, 202, "typed by a person"],
	[{ "sec-fetch-site": "same-origin" }, 202, "a page of ours"],
	[{ "sec-fetch-site": "same-origin", origin: `http://${host}` }, 202, "with its origin"],
	[{ origin: "http://localhost:7070" }, 202, "our other name"],
	[{ purpose: "" }, 202, "no purpose at all"],
	[{ "sec-fetch-site": "cross-site" }, 403, "another site's page"],
	[{ "sec-fetch-site": "same-site" }, 403, "another port of this machine is not us"],
	[{ "sec-fetch-site": "" }, 403, "what no browser says"],
	[{ purpose: "prefetch" }, 403, "looking ahead"],
	[{ "sec-purpose": "prefetch" }, 403, "looking ahead"],
	[{ "sec-purpose": "prefetch;prerender" }, 403, "looking further ahead"],
	[{ "sec-fetch-site": "none", "sec-purpose": "prefetch" }, 403, "typed, but only looked ahead"],
	[{ origin: "https://evil.example" }, 403, "another site's form"],
	[{ origin: "http://127.0.0.1:9999" }, 403, "another program's page on this machine"],
	[{ origin: "null" }, 403, "a page without an origin"],
];

for (const method of ["GET", "POST"] as const) {
	t.test(`what a browser can be made to send starts nothing, by ${method}`, async (t) => {
		const { ask, runs } = await apiRig(t);
		let started = 0;
		for (const [headers, status, why] of effects) {
			const answer = await ask(method, start, { headers });
			t.equal(answer.status, status, `${JSON.stringify(headers)}: ${why}`);
			if (status === 202) started += 1;
			else t.equal(answer.body.error.code, "FLT_FORBIDDEN");
			t.equal(runs.started.length, started);
		}
	});
}

t.test("stopping a run is an effect as well; reading is none", async (t) => {
	const { ask, runs } = await apiRig(t);
	const { runId } = (await ask("POST", start)).body;
	const foreign = { headers: { "sec-fetch-site": "cross-site" } };
	t.equal((await ask("POST", `/runs/${runId}/stop`, foreign)).status, 403);
	t.same(runs.stopped, []);
	t.equal((await ask("GET", `/runs/${runId}`, foreign)).status, 200);
	t.equal((await ask("POST", `/runs/${runId}/stop`)).status, 200);
	t.same(runs.stopped, [runId]);
});

t.test("a HEAD of the call that starts runs starts none", async (t) => {
	const { ask, runs } = await apiRig(t);
	t.equal((await ask("HEAD", start)).status, 404);
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

t.test("beyond loopback every call needs the token, what does not exist as well", async (t) => {
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
	t.equal((await ask("GET", "/scenarios", { headers: owner })).status, 401, "another's token");
});

t.test("nothing is ever kept by a cache, an error neither", async (t) => {
	const { ask } = await apiRig(t);
	for (const path of ["/runs", "/scenarios", start, "/nothing", "/runs/nobody", "/%E0%A4%A"])
		t.equal((await ask("GET", path)).headers["cache-control"], "no-store", path);
	const strange = await ask("GET", "/runs", { headers: { host: "evil.example" } });
	t.equal(strange.headers["cache-control"], "no-store");
});
