import t from "tap";
import type { EndpointKind } from "../../../base/endpoint.ts";
import { FaultlineError } from "../../../base/errors.ts";
import { checkPlaces } from "../../../daemon/runs/check-faults.ts";
import { checkPlan, type PlanAsked } from "../../../daemon/runs/check-plan.ts";
import { fullPhases, type PlanData } from "../../../scenarios/contract/plan.ts";

const orders: PlanData["loads"][string] = {
	arrival: { kind: "constant", ratePerSec: 10 },
	clients: { api: { driver: "http", at: "orders", connections: 1 } },
	deadlineMs: 1_000,
	inFlightMax: 10,
	journal: false,
	workers: 1,
};
const good: PlanData = {
	phases: fullPhases({ steadyMs: 1_000, recoverLimitMs: 1_000, intervalMs: 50 }),
	paths: { db: "postgres", orders: { subject: "downstream" } },
	subjects: { downstream: { file: "./downstream.ts" } },
	loads: { orders },
	faults: [
		{ kind: "timeout", on: "db", params: {}, fromMs: 0, toMs: 100 },
		{ kind: "latency", on: "orders", params: { latencyMs: 5 }, fromMs: 0, toMs: 100 },
		{ kind: "terminate-backends", on: "db", params: {}, fromMs: 0, toMs: 100 },
		{ kind: "kill", on: "downstream", params: {}, fromMs: 50, toMs: 100 },
	],
	steady: [{ load: "orders", signal: "error_pct", is: "below", value: 1 }],
	abortWhen: [{ load: "orders", signal: "error_pct", is: "above", value: 90 }],
	alerts: [
		{
			id: "few",
			when: { load: "orders", signal: "ok_per_sec", is: "below", value: 1 },
			forIntervals: 1,
		},
	],
};
const fault = (spec: object) =>
	({ ...good.faults![0]!, ...spec }) as NonNullable<PlanData["faults"]>[number];

async function refusal(
	plan: PlanData,
	asked?: PlanAsked,
): Promise<{ code: string; message: string } | null> {
	try {
		await checkPlan(plan, ["postgres"], (id) => id === "postgres", asked);
		return null;
	} catch (error) {
		if (error instanceof FaultlineError) return { code: error.code, message: error.message };
		throw error;
	}
}

t.test("a plan that holds together is accepted, and so is the least of plans", async (t) => {
	t.equal(await refusal(good), null);
	const { faults: _, steady: __, abortWhen: ___, alerts: ____, subjects: _____, ...rest } = good;
	t.equal(await refusal({ ...rest, paths: {}, loads: {} }), null);
});

t.test("each mistake has its own message, with the name and the value", async (t) => {
	const threshold = { load: "order", signal: "error_pct", is: "below", value: 1 } as const;
	const rows: [change: Partial<PlanData>, message: string, why: string][] = [
		[
			{ paths: { ...good.paths, cache: "redis" } },
			'path "cache" leads to redis, which is not in needs',
			"a service that the scenario did not ask for",
		],
		[
			{ paths: { ...good.paths, side: { subject: "upstream" } } },
			'path "side" leads to no subject "upstream"',
			"a subject that is not there",
		],
		[
			{ paths: { ...good.paths, side: {} as { subject: string } } },
			'path "side" leads nowhere: it has neither a service, subject or job nor a url',
			"what a parameter that is not there makes of a url",
		],
		[
			{ paths: { ...good.paths, side: { url: "https://api:8443" } } },
			'path "side": its url, "https://api:8443", is one with TLS, whose certificate is for the server\'s name, and clients of a path see the proxy\'s address: name its port without TLS, or end the TLS before it on this machine and name what does',
			"what no proxy can carry",
		],
		[
			{ paths: { ...good.paths, side: { url: "http://api", port: 65_536 } } },
			'path "side": its port must be a whole number from 0 (any free one) to 65535, but is 65536',
			"a port that there is not",
		],
		[
			{ paths: { ...good.paths, side: { url: "http://api", pid: 0 } } },
			'path "side": its pid must be a whole number from 1, but is 0',
			"to the kernel, this process's whole group",
		],
		[
			{ paths: { ...good.paths, side: { url: "http://api", prot: 9_000 } as { url: string } } },
			'path "side": it has prot, but what is understood is url, port, pid',
			"a typo, which would run on any port",
		],
		[
			{ paths: { ...good.paths, postgres: { url: "http://api" } } },
			'path "postgres": a subject or service is called so too: a fault on it could mean either',
			"two of one name",
		],
		[
			{
				paths: {
					...good.paths,
					one: { url: "http://api", port: 9_000 },
					two: { url: "http://api", port: 9_000 },
				},
			},
			'paths "one" and "two" both want port 9000',
			"two proxies on one port",
		],
		[
			{ phases: { ...good.phases, warmMs: -1 } },
			"phases.warmMs must be at least 0, but is -1",
			"time does not run backwards",
		],
		[
			{ phases: { ...good.phases, steadyMs: 100 } },
			"phases.steadyMs must hold 3 whole intervals of 50 ms to show steady state, but 100 ms after 0 ms of warm-up hold 2",
			"a steady phase that can't show steady state",
		],
		[
			{ phases: { ...good.phases, warmMs: 30, steadyMs: 150 } },
			"phases.steadyMs must hold 3 whole intervals of 50 ms to show steady state, but 150 ms after 30 ms of warm-up hold 2",
			"a steady phase that begins within an interval",
		],
		[
			{ phases: { ...good.phases, steadyLimitMs: 999 } },
			"phases.steadyLimitMs must be at least steadyMs, 1000, but is 999",
			"a limit before its time",
		],
		[
			{ phases: { ...good.phases, steadyMs: Number.NaN } },
			"phases.steadyMs must be at least 0, but is NaN",
			"what a parameter that is not there makes of a sum",
		],
		[
			{ phases: fullPhases({ steadyMs: 3_000 }) },
			"phases.recoverLimitMs must be over 0: without time nothing comes back from the faults",
			"left out",
		],
		[
			{ phases: { ...good.phases, intervalMs: 49 } },
			"phases.intervalMs must be at least 50, but is 49",
			"finer than anything can be reported",
		],
		[
			{
				loads: {
					orders: { ...orders, clients: { api: { ...orders.clients.api!, at: "order" } } },
				},
			},
			'client "api" of load "orders" is at no path "order"',
			"a client of nothing",
		],
		[
			{
				loads: {
					orders: { ...orders, clients: { api: { ...orders.clients.api!, at: "toString" } } },
				},
			},
			'client "api" of load "orders" is at no path "toString"',
			"a name that every object has",
		],
		[
			{ loads: { orders: { ...orders, inFlightMax: 1, workers: 2 } } },
			'load "orders": inFlightMax must be at least workers, but is 1',
			"a worker without a slot",
		],
		[{ steady: [threshold] }, 'a threshold watches no load "order"', "in steady"],
		[
			{ steady: [{ ...threshold, load: "orders", signal: "response_p99" as "response_p99_ms" }] },
			'a threshold of load "orders" has no signal "response_p99"; there are: response_p50_ms, response_p99_ms, error_pct, ok_per_sec, waiting_count',
			"a signal without its unit",
		],
		[
			{ abortWhen: [{ gauge: "lag", is: "over" as "above", value: 5 }] },
			'a threshold of gauge "lag" is "below" or "above", and not "over"',
			"a gauge on neither side",
		],
		[
			{ steady: [{ ...threshold, load: "orders", value: Number.NaN }] },
			'a threshold of load "orders" has a value that is a number, and not NaN',
			"a value that is none",
		],
		[{ abortWhen: [threshold] }, 'a threshold watches no load "order"', "in abortWhen"],
		[
			{ alerts: [{ id: "few", when: threshold, forIntervals: 1 }] },
			'alert "few": it watches no load "order"',
			"in an alert",
		],
		[
			{ alerts: [{ ...good.alerts![0]!, forIntervals: 0 }] },
			'alert "few": forIntervals must be a whole number from 1, but is 0',
			"what fires without a match",
		],
		[
			{ alerts: [{ ...good.alerts![0]!, about: { kind: "timeuot", on: "database" } }] },
			'alert "few": it is about no kind of fault "timeuot"; alert "few": it is about no path, subject or service "database"',
			"what could never be told",
		],
		[
			{ alerts: [good.alerts![0]!, { ...good.alerts![0]! }] },
			'alert "few": there is another of this name; alert "few": there is another of this name',
			"two that the record could not tell apart",
		],
		[
			{
				alerts: [
					{ id: "burn", kind: "burn-rate", load: "orders", objectivePct: 80, forIntervals: 1 },
				],
			},
			'alert "burn": it can\'t fire: no factor times the budget of 20 % stays below 100 %',
			"a budget that can't be used up so fast",
		],
		[
			{ faults: [fault({ fromMs: 100, toMs: 100 })] },
			'fault timeout on "db": 0 ≤ fromMs < toMs, but they are 100 and 100',
			"a fault of no length",
		],
		[
			{ faults: [fault({ fromMs: -1 })] },
			'fault timeout on "db": 0 ≤ fromMs < toMs, but they are -1 and 100',
			"before its time",
		],
		[
			{ faults: [fault({ kind: "latency", params: { latencyMs: 0 } })] },
			'fault latency on "db": latency/latencyMs must be >= 1, but is 0',
			"a parameter out of bounds",
		],
		[
			{ faults: [fault({ kind: "timeuot" })] },
			'fault timeuot on "db": no fault kind "timeuot"; did you mean "timeout"?',
			"no such kind",
		],
	];
	for (const [change, message, why] of rows)
		t.same(await refusal({ ...good, ...change }), { code: "FLT_PLAN_INVALID", message }, why);
});

t.test("a fault that acts on nothing there is refused before the start", async (t) => {
	const rows: [spec: object, message: string, why: string][] = [
		[
			{ on: "database" },
			'fault timeout on "database": it acts on a path, and there are: db, orders',
			"no such path",
		],
		[
			{ kind: "kill", on: "db" },
			'fault kill on "db": it acts on a process, and there are: downstream, reader, postgres',
			"a path is no process",
		],
		[
			{ kind: "terminate-backends", on: "orders" },
			'fault terminate-backends on "orders": this path does not lead to postgres',
			"a path to something else",
		],
		[
			{ kind: "clock-skew", on: "postgres", params: { offsetMs: 5 } },
			'fault clock-skew on "postgres": it acts on a subject, and there are: downstream, reader',
			"a service keeps its own clock",
		],
		[
			{ kind: "event-loop-block", on: "reader" },
			'fault event-loop-block on "reader": it acts on a subject that Node runs, and there are: downstream',
			"Python has no such loop",
		],
	];
	for (const [spec, message, why] of rows) {
		const subjects = { ...good.subjects, reader: { file: "./reader.py" } };
		const plan = { ...good, subjects, faults: [fault(spec)] };
		t.same(await refusal(plan), { code: "FLT_NO_PATH", message }, why);
	}
	const bare = { ...good, paths: {}, loads: {}, steady: [], abortWhen: [], alerts: [] };
	t.match(await refusal({ ...bare, faults: [fault({})] }), { message: /there are: none/ });
});

t.test("all mistakes come together, faults without a path among them", async (t) => {
	const found = await refusal({
		...good,
		phases: { ...good.phases, warmMs: -1, intervalMs: 1 },
		faults: [fault({ on: "nowhere" }), fault({ kind: "nothing" })],
	});
	t.equal(found?.code, "FLT_PLAN_INVALID");
	t.equal(found?.message.split("; ").length, 4);
	t.match(found?.message, /warmMs.*intervalMs.*"nothing".*"nowhere"/);
});

t.test("the process of a service is broken only where this daemon started it", async (t) => {
	const plan = { ...good, faults: [fault({ kind: "kill", on: "postgres", params: {} })] };
	t.equal(await refusal(plan), null);
	await t.rejects(
		checkPlan(plan, ["postgres"], () => false),
		{ code: "FLT_NO_PATH", message: /postgres is external/ },
	);
});

t.test("a kind that needs a server of our own is refused on an external one", async (t) => {
	const spec = { kind: "tablespace-full", params: { table: "things" } };
	await t.rejects(
		checkPlan({ ...good, faults: [fault(spec)] }, ["postgres"], () => false),
		{ message: /postgres is external, and this kind needs one that we started/ },
	);
});

t.test("what needs three brokers is refused with one, and says how to get them", async (t) => {
	const paths = { ...good.paths, log: "kafka" } as const;
	const planOf = (spec: object) => ({ ...good, paths, faults: [fault(spec)] });
	const gone = planOf({ kind: "leader-gone", on: "log", params: { topic: "orders" } });
	const needs = ["postgres", "kafka"] as const;
	await t.rejects(
		checkPlan(gone, needs, (id) => id !== "kafka-2"),
		{ code: "FLT_PLAN_INVALID", message: /leader-gone .* unavailable here: .* --brokers 3/ },
	);
	await checkPlan(gone, needs, () => true);

	const killed = planOf({ kind: "kill", on: "kafka-3", params: {} });
	await t.rejects(
		checkPlan(killed, needs, (id) => id === "kafka"),
		{ code: "FLT_NO_PATH", message: /there are: downstream, postgres, kafka$/ },
	);
	await checkPlan(killed, needs, () => true);
});

t.test("two faults that change the same setting must not meet", async (t) => {
	const at = (kind: string, fromMs: number, toMs: number) =>
		fault({ kind: kind as "kill", on: "db", params: { limitPct: 50 }, fromMs, toMs } as object);
	const plan = (faults: PlanData["faults"]): PlanData => ({
		...good,
		paths: { ...good.paths, db: "redis" },
		faults: faults!,
	});
	const checked = (faults: PlanData["faults"]) => checkPlan(plan(faults), ["redis"], () => true);
	const limit = at("redis-memory-limit", 0, 500);
	await t.rejects(checked([limit, at("redis-eviction", 700, 900)]), {
		code: "FLT_PLAN_INVALID",
		message: /redis-memory-limit on "db" holds maxmemory of Redis at that time/,
	});
	await checked([limit, at("redis-eviction", 900, 1_200)]);
});

t.test("a fault strikes at a step of a subject, and two not at steps of one at once", async (t) => {
	const at = (on: string, subject: string, fromMs: number) => {
		const spec = { kind: "kill", on, params: {}, fromMs, toMs: fromMs + 500 };
		return fault({ ...spec, at: { subject, step: "before-commit" } } as object);
	};
	const one = { file: "./one.ts" };
	const checked = (...faults: ReturnType<typeof at>[]) =>
		checkPlan(
			{ ...good, subjects: { ...good.subjects, one, other: one }, faults },
			["postgres"],
			() => true,
		);
	await checked(at("one", "one", 0), at("other", "other", 0), at("postgres", "one", 900));
	await t.rejects(checked(at("one", "postgres", 0)), {
		code: "FLT_NO_PATH",
		message: /strikes at a step of a subject "postgres", and there are: .*one, other/,
	});
	await t.rejects(checked(at("one", "one", 0), at("postgres", "one", 700)), {
		message: /kill on "one" holds the step of a subject of one at that time/,
	});
});

t.test("what each process holds of its own may be changed in two at once", async (t) => {
	const at = (on: string) =>
		fault({ kind: "cpu-pressure", on, params: {}, fromMs: 0, toMs: 500 } as object);
	const one = { file: "./one.ts" };
	const plan = (...on: string[]): PlanData => ({
		...good,
		subjects: { ...good.subjects, one, other: one },
		faults: on.map(at),
	});
	const checked = (...on: string[]) => checkPlan(plan(...on), ["postgres"], () => true);
	await checked("one", "other");
	await t.rejects(checked("one", "one"), {
		message: /cpu-pressure on "one" holds the allowed processors of one at that time/,
	});
});

const shop = { api: { url: "http://127.0.0.1:8080" }, log: { url: "tcp://127.0.0.1:5140" } };
const sales = { url: "postgres://u:secret@127.0.0.1/sales" };
const external: PlanData = { ...good, paths: { ...good.paths, ...shop, sales }, faults: [] };
const allowed: PlanAsked = { allowDestructive: true, drivers: new Map() };

t.test("on the way to what runs anyhow every network fault may act", async (t) => {
	const faults = ["api", "log", "sales"].map((on) => fault({ on }));
	t.equal(await refusal({ ...external, faults }), null);
});

t.test("what would break what runs anyhow is refused until it is allowed", async (t) => {
	const rows: [spec: object, shown: string, why: string][] = [
		[{ kind: "freeze", on: "api" }, "http://127.0.0.1:8080", "its process"],
		[{ kind: "kill", on: "log" }, "tcp://127.0.0.1:5140", "whatever it speaks"],
		[{ kind: "cpu-pressure", on: "api" }, "http://127.0.0.1:8080", "and what it may use"],
		[
			{ kind: "terminate-backends", on: "sales" },
			"postgres://u:***@127.0.0.1/sales",
			"inside of it, without its password in what is said",
		],
	];
	for (const [spec, shown, why] of rows) {
		const { kind, on } = spec as { kind: string; on: string };
		const plan = { ...external, faults: [fault(spec)] };
		const message = `fault ${kind} on "${on}": it would break what "${on}" leads to, ${shown}, which Faultline has not started, and that has to be allowed`;
		t.same(await refusal(plan), { code: "FLT_FORBIDDEN", message }, why);
		t.equal(await refusal(plan, allowed), null);
	}
	const asked = checkPlan({ ...external, faults: [fault(rows[0]![0])] }, ["postgres"], () => true);
	const refused = await asked.catch((error: FaultlineError) => error);
	t.match(refused?.hint, /--allow-destructive/);
	const both = [fault({ kind: "freeze", on: "api" }), fault({ on: "nowhere" })];
	t.match(await refusal({ ...external, faults: both }), {
		code: "FLT_NO_PATH",
		message: /nowhere.*freeze/,
	});
});

t.test("what can't act on what runs anyhow is refused, whatever is allowed", async (t) => {
	const rows: [spec: object, message: RegExp, why: string][] = [
		[
			{ kind: "clock-skew", on: "api", params: { offsetMs: 5 } },
			/it acts on a subject, and there are: downstream$/,
			"it would have to be told from within",
		],
		[
			{ kind: "tablespace-full", on: "sales", params: { table: "things" } },
			/postgres:\/\/u:\*\*\*@127.0.0.1\/sales is external, and this kind needs one that we started/,
			"it needs more than a connection",
		],
		[
			{ kind: "terminate-backends", on: "api" },
			/this path does not lead to postgres/,
			"it is another server",
		],
		[
			{ kind: "kill", on: "sale" },
			/it acts on a process, and there are: downstream, api, log, sales, postgres$/,
			"it is not there",
		],
	];
	for (const [spec, message, why] of rows)
		t.match(
			await refusal({ ...external, faults: [fault(spec)] }, allowed),
			{ code: "FLT_NO_PATH", message },
			why,
		);
});

t.test("a client's driver must speak what is spoken where its path leads", async (t) => {
	const drivers: PlanAsked["drivers"] = new Map<string, EndpointKind[] | string>([
		["http", ["http", "s3"]],
		["redis", ["redis"]],
		["reids", 'no driver "reids"; did you mean "redis"?'],
	]);
	const asked = { allowDestructive: false, drivers };
	const at = (driver: string, path: string) => ({
		...external,
		loads: { orders: { ...orders, clients: { one: { driver, at: path, connections: 1 } } } },
	});
	const who = 'client "one" of load "orders"';
	const rows: [driver: string, path: string, message: string | null][] = [
		["http", "api", null],
		["http", "orders", null],
		["postgres", "api", null],
		[
			"redis",
			"api",
			`${who}: driver "redis" can't speak to "api", which is http; it speaks to redis`,
		],
		[
			"http",
			"log",
			`${who}: driver "http" can't speak to "log", which is tcp; it speaks to http, s3`,
		],
		[
			"http",
			"db",
			`${who}: driver "http" can't speak to "db", which is postgres; it speaks to http, s3`,
		],
		["reids", "api", `${who}: no driver "reids"; did you mean "redis"?`],
	];
	for (const [driver, path, message] of rows) {
		const told = await refusal(at(driver, path) as unknown as PlanData, asked);
		t.equal(told?.message ?? null, message, `${driver} at ${path}`);
	}
});

t.test("an exploration may not draw what is not there, or nobody has allowed", async (t) => {
	const ground = { needs: ["postgres"] as const, startedHere: () => true, allowDestructive: false };
	const places = (...kinds: string[]) => kinds.map((kind) => ({ kind, on: "api" }));
	await checkPlaces(places("latency", "down"), external, ground);
	await t.rejects(checkPlaces(places("latency", "freeze", "kill"), external, ground), {
		code: "FLT_FORBIDDEN",
		message: /fault freeze on "api".*; fault kill on "api"/,
	});
	await checkPlaces(places("freeze"), external, { ...ground, allowDestructive: true });
	await t.rejects(checkPlaces([{ kind: "latency", on: "apo" }], external, ground), {
		code: "FLT_NO_PATH",
	});
});
