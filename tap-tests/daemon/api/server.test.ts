import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { FaultlineError } from "../../../base/errors.ts";
import type { FaultsByHand } from "../../../daemon/faults/by-hand.ts";
import type { ScenarioCatalog } from "../../../daemon/host/catalog.ts";
import { LoadMeter } from "../../../daemon/watch/meter.ts";
import { report } from "../record/interval.ts";
import { runDocument } from "../record/run-document.ts";
import { apiRig, faultLeft, ownerToken } from "./rig.ts";

const start = "/scenarios/retry-storm/start";

t.test("starting answers at once with the run and its links", async (t) => {
	const { ask, runs } = await apiRig(t);
	const { status, body } = await ask("GET", `${start}?ratePerSec=20&seed=7&guard=off&size=small`);
	t.equal(status, 202);
	const { runId } = body;
	t.same(body, {
		runId,
		state: "queued",
		links: {
			run: `/runs/${runId}`,
			events: `/runs/${runId}/events`,
			stop: `/runs/${runId}/stop`,
			hlog: `/runs/${runId}/latency.hlog`,
			report: `/runs/${runId}/report`,
		},
	});
	t.same(runs.started, [{ ratePerSec: 20, seed: 7, guard: "off", size: "small" }]);
});

t.test("parameters may come in the body; the query wins over it", async (t) => {
	const { ask, runs } = await apiRig(t);
	const payload = { ratePerSec: 20, seed: "3" };
	t.equal((await ask("POST", `${start}?seed=4`, { payload })).status, 202);
	t.match(runs.started, [{ ratePerSec: 20, seed: 4 }]);
});

t.test("what may be broken for good is allowed by its owner, in a body", async (t) => {
	const { ask, runs } = await apiRig(t);
	const owner = { authorization: `Bearer ${ownerToken}` };
	for (const path of [start, "/suites/storms/start"]) {
		for (const headers of [{}, owner])
			for (const method of ["GET", "POST"] as const)
				t.match(
					(await ask(method, `${path}?allowDestructive=true`, { headers })).body,
					{ error: { code: "FLT_FORBIDDEN", message: /in an address/ } },
					"an address is opened by whoever is sent it",
				);
		for (const allowDestructive of [true, "true", 1])
			t.match(
				(await ask("POST", path, { payload: { allowDestructive } })).body,
				{ error: { code: /FLT_UNAUTHORIZED|FLT_USAGE/ } },
				"not by everybody who may start it",
			);
		t.equal(runs.started.length, 0);
	}
	const payload = { allowDestructive: true };
	t.equal((await ask("POST", start, { payload, headers: owner })).status, 202);
	t.equal((await ask("POST", start, { payload: { allowDestructive: false } })).status, 202);
});

t.test("wait=true answers with the finished record, as JSON or as text", async (t) => {
	const { ask, runs } = await apiRig(t);
	for (const [format, type] of [
		["json", "application/json"],
		["text", "text/plain"],
	] as const) {
		const before = runs.lives.size;
		const asked = ask("GET", `${start}?wait=true&format=${format}`);
		while (runs.lives.size === before) await new Promise(setImmediate);
		[...runs.lives.values()].at(-1)!.end();
		const answer = await asked;
		t.equal(answer.status, 200, "whatever the verdict");
		t.match(answer.headers["content-type"], type);
		if (format === "json") t.match(answer.body, { schema: 1, state: "done", verdict: "passed" });
		else t.match(answer.text, /state done, verdict passed \(expected passed\)/);
	}
	t.equal((await ask("GET", `${start}?wait=false`)).status, 202);
});

t.test("what is wrong with a start is named, and starts nothing", async (t) => {
	const { ask, runs } = await apiRig(t);
	const rows: [url: string, status: number, code: string, message: string | RegExp, why: string][] =
		[
			[
				"/scenarios/retry-strom/start",
				404,
				"FLT_SCENARIO_UNKNOWN",
				'no scenario "retry-strom"; did you mean "retry-storm"?',
				"mistyped",
			],
			[
				"/scenarios/torn/start",
				422,
				"FLT_SCENARIO_BROKEN",
				'scenario "torn" does not load: no end',
				"there, and wrong",
			],
			[
				`${start}?ratePerSec=9999`,
				400,
				"FLT_PARAM_INVALID",
				"ratePerSec: must be at most 2000, but is 9999",
				"out of bounds",
			],
			[
				`${start}?ratePreSec=5`,
				400,
				"FLT_PARAM_INVALID",
				'no parameter "ratePreSec"; did you mean "ratePerSec"?',
				"a mistyped parameter",
			],
			[`${start}?seed=-1`, 400, "FLT_PARAM_INVALID", /^seed: /, "no seed"],
			[`${start}?wait=maybe`, 400, "FLT_USAGE", /wait/, "neither true nor false"],
			[`${start}?ratePerSec=5&ratePerSec=6`, 400, "FLT_USAGE", /ratePerSec/, "twice"],
			[`${start}?constructor=5`, 400, "FLT_PARAM_INVALID", /"constructor"/, "every object's name"],
		];
	for (const [url, status, code, message, why] of rows) {
		const answer = await ask("GET", url);
		t.match([answer.status, answer.body.error.code], [status, code], why);
		t.match(answer.body.error.message, message, why);
		t.type(answer.body.error.hint, "string");
		t.same(Object.keys(answer.body), ["error"]);
	}
	t.same(runs.started, []);
});

t.test(
	"an unknown path is 404 with where to look, another method 405 with what is taken",
	async (t) => {
		const { ask } = await apiRig(t);
		const rows = [
			["GET", "/scenario", 404, undefined],
			["GET", "/runs/a/b", 404, undefined],
			["GET", "/RUNS", 404, undefined],
			["DELETE", "/runs", 405, "GET, POST"],
			["PUT", start, 405, "GET, POST"],
			["POST", "/stack", 405, "GET"],
			["DELETE", "/runs/a", 405, "GET"],
			["GET", "/heal?now", 405, "POST"],
		] as const;
		for (const [method, url, wanted, allow] of rows) {
			const { status, body, headers } = await ask(method, url);
			t.equal(status, wanted, url);
			t.equal(headers.allow, allow);
			t.match(body.error, {
				code: wanted === 404 ? "FLT_NOT_FOUND" : "FLT_METHOD",
				message: `no ${method} ${url}`,
				hint: /\/openapi\.json/,
			});
		}
	},
);

t.test(
	"a run that is not there, or an id that is a path, is 404 in every call of a run",
	async (t) => {
		const { ask } = await apiRig(t);
		for (const id of ["nobody", "..%2F..%2Fsecret", "%2e%2e", "a%00b"]) {
			for (const [method, call] of [
				["GET", ""],
				["GET", "/events"],
				["GET", "/latency.hlog"],
				["GET", "/files/docs/index.html"],
				["POST", "/stop"],
			] as const) {
				if (id === "%2e%2e" && call === "") continue; // a URL of the root
				const { status, body } = await ask(method, `/runs/${id}${call}`);
				t.match([status, body.error.code], [404, "FLT_NOT_FOUND"], `${method} ${id}${call}`);
			}
		}
	},
);

t.test("an error inside goes to the log; the caller gets no stack and no path", async (t) => {
	const secret = "ENOENT: /home/somebody/secret/scenarios";
	const list = async () => {
		throw new Error(secret);
	};
	const { ask, logged } = await apiRig(t, {
		context: { catalog: { list } as unknown as ScenarioCatalog },
	});
	const { status, body, text } = await ask("GET", "/scenarios");
	t.equal(status, 500);
	t.same(body, {
		error: {
			code: "FLT_INTERNAL",
			message: "the daemon failed at this call",
			hint: "see the daemon's log",
		},
	});
	t.notMatch(text, /secret|\.ts/);
	t.match(logged, [/GET \/scenarios: ENOENT: .*secret/]);
});

t.test("an error of a component leaves by its own status, code and hint", async (t) => {
	const list = async () => {
		throw new FaultlineError("FLT_COMPONENT_MISSING", "postgres is missing", "get it");
	};
	const { ask } = await apiRig(t, { context: { catalog: { list } as unknown as ScenarioCatalog } });
	const { status, body } = await ask("GET", "/scenarios");
	t.equal(status, 503);
	t.same(body.error, {
		code: "FLT_COMPONENT_MISSING",
		message: "postgres is missing",
		hint: "get it",
	});
});

t.test(
	"scenarios are listed with their last verdict, broken ones with their mistake",
	async (t) => {
		const { ask, store } = await apiRig(t);
		const run = (n: number, verdict: "passed" | "failed" | null, guard: "on" | "off" = "on") =>
			store.create(
				runDocument({
					runId: `20260101T00000${n}Z-x-0001`,
					scenario: "retry-storm",
					verdict,
					params: { seed: 1, size: "default", guard },
				}),
			);
		t.equal((await ask("GET", "/scenarios/retry-storm")).body.lastVerdict, null);
		run(1, "passed");
		run(2, "failed");
		run(3, null);
		run(4, "passed", "off");
		t.same((await ask("GET", "/scenarios")).body, {
			scenarios: [
				{
					name: "retry-storm",
					title: "Retry storm",
					question: "Does it recover?",
					guarded: true,
					needs: ["postgres"],
					lastVerdict: "failed",
					start: "/scenarios/retry-storm/start",
				},
				{ name: "torn", error: "no end" },
			],
		});
		const { body, text } = await ask("GET", "/scenarios/retry-storm");
		t.match(body, {
			params: { properties: { ratePerSec: { maximum: 2_000 } } },
			checks: ["exactly-once"],
			atScale: { growth: "g", breaksFirst: "b", replacement: "r" },
			scenarioHash: "abc",
			lastVerdict: "failed",
		});
		t.notMatch(text, /\/scenarios\/retry-storm\.scenario\.ts/, "files of this machine stay here");
	},
);

t.test("runs are listed newest first, by pages", async (t) => {
	const { ask, store } = await apiRig(t);
	const ids = [1, 2, 3].map((n) => `20260101T00000${n}Z-x-0001`);
	for (const runId of ids) store.create(runDocument({ runId }));
	const list = async (query: string) =>
		(await ask("GET", `/runs${query}`)).body.runs.map((run: { runId: string }) => run.runId);
	t.same(await list(""), ids.toReversed());
	t.same(await list("?limit=2"), [ids[2], ids[1]]);
	t.same(await list(`?limit=2&before=${ids[1]}`), [ids[0]]);
	const [row] = (await ask("GET", "/runs")).body.runs;
	t.same(Object.keys(row).sort(), [
		"asExpected",
		"endedAt",
		"guard",
		"links",
		"runId",
		"scenario",
		"seed",
		"size",
		"startedAt",
		"state",
		"verdict",
	]);
});

t.test("text is an aligned table, by the query or by what is accepted; JSON else", async (t) => {
	const { ask, store } = await apiRig(t, {
		context: {
			faults: {
				left: [],
				inForce: [
					{
						id: "f-1",
						kind: "down",
						on: "db",
						state: "injected",
						seen: ["refused"],
						byHand: true,
						healsInMs: 4_250,
					},
				],
				blocked: false,
			} as unknown as FaultsByHand,
			stack: () => ({
				redis: { state: "missing", tried: "redis-server on the PATH", fix: "install it" },
				postgres: {
					state: "up",
					how: "native",
					endpoint: { kind: "postgres", url: "postgres://me:secret@127.0.0.1:5/db" },
					proxied: null,
					version: "18.4",
					root: null,
				},
			}),
		},
	});
	store.create(runDocument({ runId: "20260101T000001Z-x-0001" }));
	const paths: [path: string, want: RegExp][] = [
		["/runs", /^run +scenario +size +guard +seed +state +verdict +as expected\n20260101T000001Z/],
		["/runs/20260101T000001Z-x-0001", /^echo 20260101T000001Z-x-0001\nstate queued, verdict –/],
		["/scenarios", /^scenario +title +needs +last verdict\nretry-storm +Retry storm +postgres +–/],
		[
			"/faults",
			/^fault +kind +on +by hand +heals in +state +seen\nf-1 +down +db +yes +4.3 s +injected +refused\n$/,
		],
		["/stack", /^component +state +how .*\nredis +missing +redis-server on the PATH/],
	];
	for (const [path, want] of paths) {
		const rows: [query: string, accept: string | undefined, text: boolean, why: string][] = [
			["?format=text", undefined, true, "asked for"],
			["", "text/plain", true, "all that is accepted"],
			["?format=text", "application/json", true, "the query wins"],
			["?format=json", "text/plain", false, "the query wins"],
			["", undefined, false, "JSON for programs"],
			["", "*/*", false, "what curl sends"],
			["", "text/plain, application/json", false, "JSON where either will do"],
		];
		for (const [query, accept, text, why] of rows) {
			const headers = accept === undefined ? {} : { accept };
			const answer = await ask("GET", path + query, { headers });
			t.equal(answer.status, 200);
			const type = text ? /^text\/plain/ : /^application\/json/;
			t.match(answer.headers["content-type"], type, `${path}${query}: ${why}`);
			if (text) t.match(answer.text, want);
			t.notMatch(answer.text, /secret/);
		}
	}
});

t.test("text for a terminal holds nothing that one obeys", async (t) => {
	const { ask, store } = await apiRig(t);
	const reasons = [{ code: "heal_failed", message: "\x1b[2Jgone" } as const];
	store.create(runDocument({ runId: "20260101T000001Z-x-0001", reasons }));
	const { text } = await ask("GET", "/runs/20260101T000001Z-x-0001?format=text");
	t.match(text, /heal_failed: \\u001b\[2Jgone\n/);
});

t.test("histograms are there once the run has started", async (t) => {
	const { ask, store } = await apiRig(t);
	const run = runDocument({ runId: "20260101T000001Z-x-0001" });
	store.create(run);
	const url = `/runs/${run.runId}/latency.hlog`;
	t.match((await ask("GET", url)).body.error, { code: "FLT_CONFLICT" });
	store.save({ ...run, startedAt: "2026-01-01T00:00:01.000Z" });
	const meter = new LoadMeter({ load: "o", case: null, workers: 1, intervalMs: 1_000, zeroMs: 0 });
	for (const made of meter.see(report(0, 0, { responsesMs: [5] })))
		store.appendInterval(run.runId, made);
	const { status, text, headers } = await ask("GET", url);
	t.equal(status, 200);
	t.match(headers["content-type"], /^text\/plain/);
	t.match(text, /\n0\.000,1\.000,5\./);
});

t.test("what a hook has kept is served, as what runs nothing, and nothing else is", async (t) => {
	const { ask, store } = await apiRig(t);
	const { runId } = runDocument({ runId: "20260101T000001Z-x-0001" });
	store.create(runDocument({ runId }));
	const folder = join(store.folderOf(runId), "files", "docs");
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "index.html"), "<p>kept</p>");
	writeFileSync(join(folder, "rows.svg"), "<svg/>");
	t.same(store.keptPages(runId), [{ name: "docs", file: "index.html", count: 1 }]);
	const page = await ask("GET", `/runs/${runId}/files/docs/index.html`);
	t.same([page.status, page.text], [200, "<p>kept</p>"]);
	t.match(page.headers["content-type"], /^text\/html/);
	t.match(page.headers["content-security-policy"], /default-src 'none'.*; sandbox$/);
	const other = await ask("GET", `/runs/${runId}/files/docs/rows.svg`);
	t.match(other.headers["content-type"], /^text\/plain/);
	for (const path of [
		"docs/gone.html",
		"..%2F..%2Frun.json",
		"docs/..%2F..%2F..%2Frun.json",
		"docs/..",
	]) {
		const { status } = await ask("GET", `/runs/${runId}/files/${path}`);
		t.equal(status, 404, path);
	}
});

t.test("the daemon says that it lives, and whether it is ready", async (t) => {
	let ready = false;
	const { ask } = await apiRig(t, { context: { ready: () => ready } });
	t.equal((await ask("GET", "/healthz")).status, 200);
	t.equal((await ask("GET", "/readyz")).status, 503);
	ready = true;
	t.match(await ask("GET", "/readyz"), { status: 200 });
});

t.test(
	"each kind of fault is told with its victim, its parameters, and where it can act now",
	async (t) => {
		const { ask } = await apiRig(t);
		const { kinds, broken } = (await ask("GET", "/faults/kinds")).body;
		t.same(broken, []);
		const latency = kinds.find(({ kind }: { kind: string }) => kind === "latency");
		t.match(latency, { acts: "path", heals: "fully", params: { required: ["latencyMs"] } });
		t.match(latency, { on: ["postgres"], unavailable: null });
		t.ok(kinds.every(({ victim }: { victim: string }) => victim.length > 0));
		t.same((await ask("GET", "/faults")).body, {
			faults: [],
			left: [faultLeft],
			blocked: false,
		});
	},
);

t.test("the OpenAPI document lists every call of the design", async (t) => {
	const { ask } = await apiRig(t);
	const { paths, info } = (await ask("GET", "/openapi.json")).body;
	const calls = Object.entries(paths as Record<string, object>).flatMap(([path, methods]) =>
		Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
	);
	const wanted = [
		"GET /scenarios",
		"GET /scenarios/{name}",
		"GET /scenarios/{name}/start",
		"POST /scenarios/{name}/start",
		"GET /suites",
		"POST /suites",
		"GET /suites/{name}",
		"GET /suites/{name}/start",
		"POST /suites/{name}/start",
		"GET /suites/runs/{id}",
		"POST /suites/runs/{id}/stop",
		"GET /runs",
		"POST /runs",
		"GET /runs/{id}",
		"POST /runs/{id}/stop",
		"GET /runs/{id}/events",
		"GET /runs/{id}/report",
		"GET /runs/{id}/files/{name}/{file}",
		"GET /runs/{id}/latency.hlog",
		"GET /runs/{id}/compare",
		"GET /baselines",
		"POST /baselines/{scenario}",
		"GET /faults",
		"GET /faults/kinds",
		"POST /faults",
		"DELETE /faults/{id}",
		"POST /faults/{id}/drop",
		"POST /heal",
		"POST /heal/release",
		"GET /alerts",
		"POST /api/v2/alerts",
		"GET /stack",
		"GET /nightly",
		"GET /metrics",
		"GET /healthz",
		"GET /readyz",
	];
	t.same(
		wanted.filter((call) => !calls.includes(call)),
		[],
	);
	t.notOk(calls.some((call) => call.startsWith("HEAD")));
	const summaries = Object.values(paths as Record<string, Record<string, { summary?: string }>>);
	t.ok(summaries.every((methods) => Object.values(methods).every(({ summary }) => summary)));
	t.match(info, { title: "Faultline", version: /^\d/ });
	const { body } = await ask("GET", "/");
	t.same(
		Object.values(body.links as Record<string, string>).filter(
			(path) => path !== "/openapi.json" && !calls.includes(`GET ${path}`),
		),
		[],
		"and the root leads to calls that there are",
	);
});
