import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import t, { type Test } from "tap";
import { pause } from "../../base/clock.ts";
import { identify, identifySelf, isAlive, killTree, stateOf } from "../../base/process.ts";
import type { FaultSpec } from "../../chaos/fault.ts";
import { healPending } from "../../chaos/healing.ts";
import { Injection } from "../../chaos/injection.ts";
import { loadKind } from "../../chaos/kinds.ts";
import type { LedgerEntry } from "../../chaos/ledger.ts";
import type { RoundTrip } from "../../chaos/probe.ts";
import { done, fakePostgres } from "../load/drivers/fake-postgres.ts";
import { planned, rig } from "./fake-target.ts";

// Most of them wait for a retry to come.
t.jobs = 6;

const times = { fromMs: 0, toMs: 1_000 };
const timeout: FaultSpec = { kind: "timeout", on: "db", params: {}, ...times };
const down: FaultSpec = { kind: "down", on: "db", params: {}, ...times };
const latency: FaultSpec = { kind: "latency", on: "db", params: { latencyMs: 80 }, ...times };
const reset: FaultSpec = { kind: "reset", on: "db", params: {}, ...times };

t.test("each network kind is injected, proved, healed and seen to be gone", async (t) => {
	const rows: [spec: FaultSpec, calls: string[], seen: RegExp][] = [
		[
			timeout,
			["add timeout downstream", "add timeout upstream", "remove -0", "remove -1"],
			/old connection: no answer.*new one: no answer/,
		],
		[down, ["disable", "enable"], /new connection: broken.*ECONNREFUSED/],
		[
			latency,
			["add latency downstream", "remove -0"],
			/old connection: answered in 81 ms; a new one: answered in 81 ms; at least 80 ms/,
		],
		[
			reset,
			["add reset_peer downstream", "add reset_peer upstream", "remove -0", "remove -1"],
			/broken.*ECONNRESET/,
		],
		[
			{ kind: "bandwidth", on: "db", params: { rateKBPerSec: 50, direction: "both" }, ...times },
			["add bandwidth downstream", "add bandwidth upstream", "remove -0", "remove -1"],
			/answered in 201 ms, 5000 bytes out, 5000 in; .*no more than 50 bytes\/ms/,
		],
		[
			{ kind: "slicer", on: "db", params: { averageBytes: 10, delayUs: 1_000 }, ...times },
			["add slicer downstream", "remove -0"],
			/answered in 102 ms, 0 bytes out, 1010 in; .*1000 µs for each 10 bytes/,
		],
		[
			{ kind: "slow-close", on: "db", params: { delayMs: 300 }, ...times },
			["add slow_close downstream", "remove -0"],
			/^a new one: closed in 301 ms; at least 300 ms/,
		],
		[
			{ kind: "data-limit", on: "db", params: { limitBytes: 99, direction: "upstream" }, ...times },
			["add limit_data upstream", "remove -0"],
			/broken.*connection closed.*closed after 99 bytes/,
		],
	];
	for (const [spec, calls, seen] of rows) {
		await t.test(spec.kind, async (t) => {
			const { context, states, toxiproxy, ledger, closedProbes } = rig(t);
			const before = structuredClone(toxiproxy.proxies.get("p"));
			const injection = await Injection.prepare(context, spec, planned);
			t.same(toxiproxy.proxies.get("p"), before, "planning changes nothing");
			await injection.inject();
			await injection.heal();
			const { record } = injection;
			t.same(states, ["planned", "injected", "proved", "healed"]);
			t.same(closedProbes, [injection.record.id]);
			t.same(toxiproxy.calls, calls);
			t.same(toxiproxy.proxies.get("p"), before, "all is as it was");
			const { injectedMs, provedMs, healedMs, cleanMs } = record;
			const order = [injectedMs, provedMs, healedMs, cleanMs] as number[];
			t.same(
				order,
				order.toSorted((a, b) => a - b),
			);
			t.ok(order.every((ms) => typeof ms === "number"));
			t.match(record, { kind: spec.kind, on: "db", plannedFromMs: 0, plannedToMs: 1_000 });
			t.match(record.seen[0], seen);
			t.match(record.seen.at(-1), /(answered|closed) in 1 ms/);
			t.same(ledger.pending, []);
		});
	}
});

t.test("a path of several proxies is broken on each of them, and clean when all are", async (t) => {
	for (const spec of [latency, down]) {
		const { context, toxiproxy, target } = rig(t);
		const { proxies } = toxiproxy;
		const both = ["p", "p-2"];
		proxies.set("p-2", { ...structuredClone(proxies.get("p")!), name: "p-2" });
		const before = structuredClone(proxies);
		const wide = { ...context, target: { ...target, proxiesOf: async () => both } };
		const injection = await Injection.prepare(wide, spec, planned);
		await injection.inject();
		for (const name of both)
			t.notSame(proxies.get(name), before.get(name), `${spec.kind} on ${name}`);
		const [stray] = proxies.get("p-2")!.toxics;
		await injection.heal();
		t.same(proxies, before);
		if (stray === undefined) continue;
		proxies.get("p-2")!.toxics.push(stray);
		const { gone } = await loadKind(spec.kind);
		const undo = {
			faultId: "f",
			on: "db",
			proxies: both,
			params: {},
			toxics: [stray.name],
		};
		t.match(await gone(target, undo), { ok: false, seen: "1 toxics left on p-2" });
	}
});

t.test("direction and toxicity of the parameters are those of the toxics", async (t) => {
	const rows: [params: object, toxics: object[], why: string][] = [
		[{}, [{ stream: "downstream", toxicity: 1 }], "the kind's own direction, every connection"],
		[
			{ direction: "both", toxicity: 0.4 },
			[
				{ stream: "downstream", toxicity: 0.4 },
				{ stream: "upstream", toxicity: 0.4 },
			],
			"as they are asked for",
		],
	];
	for (const [params, toxics, why] of rows) {
		const { context, toxiproxy } = rig(t);
		const spec = { ...latency, params: { latencyMs: 80, ...params } };
		const injection = await Injection.prepare(context, spec as FaultSpec, planned);
		await injection.inject();
		t.match(toxiproxy.proxies.get("p")?.toxics, toxics, why);
		t.equal(injection.record.state, "injected");
		await injection.heal();
		t.same(toxiproxy.proxies.get("p")?.toxics, []);
		t.equal(injection.record.state, "healed");
	}
});

t.test(
	"the undo is on the disk before anything is broken, and open until it is healed",
	async (t) => {
		const { context, toxiproxy, ledger, ledgerFile } = rig(t);
		const onDisk: string[] = [];
		toxiproxy.before = () => {
			onDisk.push(...(readFileSync(ledgerFile, "utf8").match(/"state":"\w+"/g) ?? []));
			t.equal(ledger.pending.length, 1);
		};
		const injection = await Injection.prepare(context, down, planned);
		t.match(ledger.pending, [
			{ faultId: injection.record.id, runId: "run-1", kind: "down", on: "db", limitMs: 1_000 },
		]);
		await injection.inject();
		t.same(onDisk, ['"state":"planned"']);
		await injection.heal();
		t.same(ledger.pending, []);
	},
);

t.test("a fault that nobody sees has no effect, and says so to the end", async (t) => {
	const { context, states, sees, ledger, toxiproxy } = rig(t);
	sees.trip = () => ({ kind: "answered", ms: 1, error: null });
	const injection = await Injection.prepare(context, timeout, planned);
	await injection.inject();
	t.match(injection.record, { state: "no_effect", provedMs: null });
	t.equal(injection.record.seen.length, 3, "it was looked for three times");
	await injection.heal();
	t.same(states, ["planned", "injected", "no_effect", "no_effect"]);
	t.same(
		[toxiproxy.proxies.get("p")?.toxics, ledger.pending],
		[[], []],
		"it is healed all the same",
	);
});

t.test("a proof that comes late still counts", async (t) => {
	const { context, sees } = rig(t);
	let looks = 0;
	sees.trip = () => {
		looks += 1;
		if (looks === 1) throw new Error("the probe tripped");
		if (looks === 2) return { kind: "answered", ms: 1, error: null };
		return { kind: "broken", ms: 1, error: "ECONNREFUSED" };
	};
	const injection = await Injection.prepare(context, down, planned);
	await injection.inject();
	t.equal(injection.record.state, "injected");
	t.match(injection.record.seen, [
		/the probe failed: the probe tripped/,
		/answered/,
		/ECONNREFUSED/,
	]);
});

t.test("a fault healed before its time is never injected", async (t) => {
	const { context, states, toxiproxy, ledger } = rig(t);
	const injection = await Injection.prepare(context, timeout, planned);
	await injection.heal();
	await injection.inject();
	t.same(states, ["planned", "healed"]);
	t.notOk(toxiproxy.calls.some((call) => call.startsWith("add")));
	t.match(injection.record, { injectedMs: null, provedMs: null, cleanMs: null });
	t.same(ledger.pending, []);
});

t.test("what a failed inject half did is healed", async (t) => {
	const { context, toxiproxy, ledger } = rig(t);
	toxiproxy.before = (call) => {
		if (call === "add timeout upstream") throw new Error("no more toxics");
	};
	const injection = await Injection.prepare(context, timeout, planned);
	await t.rejects(injection.inject(), /no more toxics/);
	t.equal(toxiproxy.proxies.get("p")?.toxics.length, 1, "half of it is there");
	await injection.heal();
	t.same(toxiproxy.proxies.get("p")?.toxics, []);
	t.match(injection.record, { state: "no_effect", healedMs: Number, cleanMs: Number });
	t.same(ledger.pending, []);
});

t.test("healing twice is healing once", async (t) => {
	const { context, toxiproxy, states } = rig(t);
	const injection = await Injection.prepare(context, down, planned);
	await injection.inject();
	await Promise.all([injection.heal(), injection.heal()]);
	await injection.heal();
	t.same(toxiproxy.calls, ["disable", "enable"]);
	t.equal(states.filter((state) => state === "healed").length, 1);
});

t.test("healing waits for an inject that is still running, so that it comes last", async (t) => {
	const { context, toxiproxy } = rig(t);
	const gate = Promise.withResolvers<void>();
	toxiproxy.before = (call) => (call.startsWith("add") ? gate.promise : undefined);
	const injection = await Injection.prepare(context, timeout, planned);
	const injecting = injection.inject();
	const healing = injection.heal();
	for (let turn = 0; turn < 5; turn++) await pause(0);
	t.same(toxiproxy.calls, ["add timeout downstream"], "nothing is taken back yet");
	gate.resolve();
	await Promise.all([injecting, healing]);
	t.same(toxiproxy.proxies.get("p")?.toxics, []);
	t.match(toxiproxy.calls.at(-1), /^remove/);
});

/** A fault whose effect is looked for until the gate opens; then the look sees what it sees. */
async function looked(t: Test, seen: RoundTrip) {
	const { context, sees, toxiproxy } = rig(t);
	const looking = Promise.withResolvers<void>();
	const gate = Promise.withResolvers<void>();
	sees.trip = async () => {
		looking.resolve();
		await gate.promise;
		return seen;
	};
	const injection = await Injection.prepare(context, down, planned);
	const injecting = injection.inject();
	await looking.promise;
	return { injection, injecting, toxiproxy, open: () => gate.resolve() };
}

t.test("a look that is under way at its end may end first, and counts", async (t) => {
	const broken = { kind: "broken", ms: 1, error: "ECONNREFUSED" } as const;
	const { injection, injecting, toxiproxy, open } = await looked(t, broken);
	const healing = injection.heal();
	await pause(20);
	t.notOk(toxiproxy.calls.includes("enable"), "it is in force as long");
	open();
	await Promise.all([injecting, healing]);
	t.match(injection.record, { provedMs: Number, healedMs: Number });
	t.ok(toxiproxy.calls.includes("enable"));
});

t.test("cut short, nothing is waited for: what is seen since is the healing", async (t) => {
	const answered = { kind: "answered", ms: 1, error: null } as const;
	const { injection, injecting, toxiproxy, open } = await looked(t, answered);
	const onTime = injection.heal();
	const cutShort = injection.heal("cut short");
	while (!toxiproxy.calls.includes("enable")) await pause(1);
	open();
	await Promise.all([injecting, onTime, cutShort]);
	t.match(injection.record, { state: "no_effect", provedMs: null });
	t.match(injection.record.seen, [
		/^a new connection: answered/,
		/^no effect was proved in the \d+ ms that it lasted$/,
	]);
});

t.test("an effect that shows itself after some tries is proved", async (t) => {
	const { context, states, sees } = rig(t);
	let looks = 0;
	sees.trip = () =>
		++looks < 6
			? { kind: "answered", ms: 1, error: null }
			: { kind: "broken", ms: 1, error: "ECONNREFUSED" };
	const injection = await Injection.prepare(context, down, planned);
	await injection.inject();
	t.match(injection.record, { state: "no_effect", provedMs: null }, "so far");
	while (injection.record.provedMs === null) await pause(1);
	t.same(states, ["planned", "injected", "no_effect", "proved"]);
	await injection.heal();
});

t.test("a heal that fails is tried again", async (t) => {
	const { context, toxiproxy, ledger } = rig(t);
	let refusals = 2;
	toxiproxy.before = (call) => {
		if (call === "enable" && refusals-- > 0) throw new Error("away");
	};
	const injection = await Injection.prepare(context, down, planned);
	await injection.inject();
	await injection.heal();
	t.equal(injection.record.state, "healed");
	t.equal(toxiproxy.calls.filter((call) => call === "enable").length, 3);
	t.same(ledger.pending, []);
});

t.test("a fault that can't be healed is said so, and stays in the ledger", async (t) => {
	const { context, toxiproxy, ledger, target } = rig(t);
	toxiproxy.before = (call) => {
		if (call === "enable") throw new Error("the proxy server is away");
	};
	const injection = await Injection.prepare(context, down, planned);
	await injection.inject();
	await injection.heal();
	t.match(injection.record, { state: "heal_failed", healedMs: null, cleanMs: null });
	t.match(injection.record.seen.at(-1), /healing down on db failed: the proxy server is away/);
	t.equal(ledger.pending.length, 1);

	toxiproxy.before = () => {};
	t.same(await healPending(target, ledger), [], "the next that comes by heals it");
	t.same(ledger.pending, []);
	t.equal(toxiproxy.proxies.get("p")?.enabled, true);
});

t.test("a path that stays broken after its healing is a failed heal", async (t) => {
	const { context, sees } = rig(t);
	const injection = await Injection.prepare(context, down, planned);
	sees.trip = () => ({ kind: "broken", ms: 1, error: "ECONNREFUSED" });
	await injection.inject();
	await injection.heal();
	t.match(injection.record, { state: "heal_failed", cleanMs: null });
	t.match(injection.record.seen.at(-1), /ECONNREFUSED/);
	t.not(injection.record.healedMs, null, "it was healed; it is not seen to be gone");
});

t.test(
	"a fault with parameters out of bounds, or on no path, gets nowhere near the ledger",
	async (t) => {
		const { context, ledger } = rig(t);
		const rows: [spec: object, message: RegExp, why: string][] = [
			[{ ...latency, params: { latencyMs: 0 } }, /latencyMs must be >= 1/, "out of bounds"],
			[{ ...latency, kind: "latancy" }, /did you mean "latency"/, "no such kind"],
			[{ ...latency, on: "dbb" }, /no path "dbb"/, "no such path"],
		];
		for (const [spec, message, why] of rows)
			await t.rejects(Injection.prepare(context, spec as FaultSpec, planned), { message }, why);
		t.same(ledger.pending, []);
	},
);

/** A process of our own to be frozen or killed. */
function sleeper(t: Test) {
	const child = spawn("sleep", ["60"], { stdio: "ignore", detached: true });
	const identity = identify(child.pid!)!;
	t.teardown(() => killTree(identity, { graceMs: 0 }));
	return identity;
}

t.test("a frozen process is stopped, proved by its silence, and runs again", async (t) => {
	const { context, process, sees } = rig(t);
	const identity = sleeper(t);
	process.identity = identity;
	sees.trip = (_, limitMs) =>
		stateOf(identity) === "T"
			? { kind: "silent", ms: limitMs, error: null }
			: { kind: "answered", ms: 1, error: null };
	const spec: FaultSpec = { kind: "freeze", on: "worker", params: {}, ...times };
	const injection = await Injection.prepare(context, spec, planned);
	await injection.inject();
	t.equal(stateOf(identity), "T");
	t.match(injection.record.seen[0], /process states T; an old connection: no answer/);
	await injection.heal();
	t.not(stateOf(identity), "T");
	t.match(injection.record, { state: "healed" });
});

t.test("a killed process is gone, and is started again by healing, once", async (t) => {
	const { context, process, sees } = rig(t);
	const identity = sleeper(t);
	process.identity = identity;
	let back = false;
	process.restart = async () => {
		back = true;
	};
	sees.trip = () =>
		isAlive(identity) || back
			? { kind: "answered", ms: 1, error: null }
			: { kind: "broken", ms: 1, error: "ECONNREFUSED" };
	const spec: FaultSpec = { kind: "kill", on: "worker", params: {}, ...times };
	const injection = await Injection.prepare(context, spec, planned);
	await injection.inject();
	t.notOk(isAlive(identity));
	t.match(injection.record.seen[0], /worker is gone; a new connection: broken/);
	await injection.heal();
	t.equal(process.restarts, 1);
	t.match(injection.record, { state: "healed" });
});

t.test("a kill that never came restarts nothing", async (t) => {
	const { context, process } = rig(t);
	process.identity = sleeper(t);
	const spec: FaultSpec = { kind: "kill", on: "worker", params: {}, ...times };
	const injection = await Injection.prepare(context, spec, planned);
	await injection.heal();
	t.equal(process.restarts, 0);
	t.ok(isAlive(process.identity));
});

t.test(
	"terminated sessions are proved by the old one that broke and the new one that answers",
	async (t) => {
		const { context, target, sees } = rig(t);
		let ended = false;
		const server = await fakePostgres(t, (statement, socket) => {
			ended ||= /pg_terminate_backend\(pid.*pid <> pg_backend_pid\(\)/s.test(statement);
			socket.write(done);
		});
		sees.trip = (how) =>
			ended && how === "old"
				? { kind: "broken", ms: 1, error: "57P01" }
				: { kind: "answered", ms: 1, error: null };
		const onServer = { ...context, target: { ...target, postgresOf: async () => server.url } };
		const spec: FaultSpec = { kind: "terminate-backends", on: "db", params: {}, ...times };
		const injection = await Injection.prepare(onServer, spec, planned);
		t.notOk(ended);
		await injection.inject();
		t.match(injection.record.seen[0], /an old session: broken.*57P01.*a new one: answered/);
		await injection.heal();
		t.match(injection.record, { state: "healed" });
		while (server.sessions.size > 0) await pause(1);
		t.pass("its own session is closed");
	},
);

t.test("a proxy that is gone took its fault with it", async (t) => {
	const { target, toxiproxy } = rig(t);
	const undo = { faultId: "down-1", on: "db", proxies: ["p"], params: {}, toxics: ["timeout-1-0"] };
	toxiproxy.proxies.clear();
	for (const kind of ["down", "timeout"]) await (await loadKind(kind)).heal(target, undo);
	t.notOk(toxiproxy.calls.includes("enable"));
});

const entry = (faultId: string, kind: string, undo: object): LedgerEntry =>
	({
		faultId,
		runId: null,
		kind,
		on: "db",
		undo: { faultId, on: "db", ...undo },
		state: "planned",
		plannedAt: "2026-01-01T00:00:00.000Z",
		limitMs: 1_000,
	}) as LedgerEntry;
const gone = { ...identifySelf(), startTime: 1 };
const left = {
	sql: entry("sql", "terminate-backends", { url: "postgres://127.0.0.1:1/x" }),
	network: entry("network", "down", { proxies: ["p"] }),
	process: entry("process", "freeze", { process: gone }),
};

t.test(
	"what an earlier daemon left is healed processes first, then network, then SQL",
	async (t) => {
		const { target, ledger, ledgerFile, toxiproxy } = rig(t);
		toxiproxy.proxies.get("p")!.enabled = false;
		for (const one of [left.sql, left.network, left.process]) ledger.record(one);
		t.same(await healPending(target, ledger), []);
		const healed = readFileSync(ledgerFile, "utf8")
			.split("\n")
			.filter((line) => line.includes('"state":"healed"'))
			.map((line) => (JSON.parse(line) as LedgerEntry).faultId);
		t.same(healed, ["process", "network", "sql"]);
		t.equal(toxiproxy.proxies.get("p")?.enabled, true);
		t.same(ledger.pending, []);
	},
);

t.test("one that can't be healed is named and kept, and keeps no other from it", async (t) => {
	const { target, ledger, toxiproxy } = rig(t);
	toxiproxy.before = () => {
		throw new Error("away");
	};
	const strange = entry("strange", "solar-flare", {});
	for (const one of [strange, left.network, left.sql]) ledger.record(one);
	const failures = await healPending(target, ledger);
	t.equal(failures.length, 2);
	t.match(failures.join("; "), /solar-flare/);
	t.match(failures.join("; "), /healing down on db failed: away/);
	t.same(
		ledger.pending.map(({ faultId }) => faultId),
		["strange", "network"],
	);
});

t.test(
	"of two on the same thing the newest is healed first, so that what was there before comes last",
	async (t) => {
		const { target, ledger, toxiproxy } = rig(t);
		const toxic = (id: string) =>
			entry(id, "latency", { proxies: ["p"], params: {}, toxics: [id] });
		for (const id of ["older-0", "newer-1"]) ledger.record(toxic(id));
		t.same(await healPending(target, ledger), []);
		t.same(toxiproxy.calls, ["remove -1", "remove -0"]);
	},
);

t.test("what holds a setting that is held already is refused, and changes nothing", async (t) => {
	const { context, ledger } = rig(t);
	ledger.record(entry("first", "redis-eviction", {}));
	const limit = { kind: "redis-memory-limit", on: "cache", params: { limitPct: 50 }, ...times };
	await t.rejects(Injection.prepare(context, limit as FaultSpec, planned), {
		code: "FLT_CONFLICT",
		message:
			"redis-memory-limit on cache: redis-eviction on db holds maxmemory of Redis until it is healed",
	});
	t.equal(ledger.pending.length, 1);
});

t.test("what one process holds of its own keeps no fault from another process", async (t) => {
	const { context, ledger, process } = rig(t);
	process.identity = identify(globalThis.process.pid);
	ledger.record(entry("first", "cpu-pressure", {}));
	const pressure = (on: string) =>
		Injection.prepare(
			context,
			{ kind: "cpu-pressure", on, params: {}, ...times } as FaultSpec,
			planned,
		);
	await t.rejects(pressure("db"), {
		code: "FLT_CONFLICT",
		message: /cpu-pressure on db holds the allowed processors of db until/,
	});
	await pressure("worker");
	t.equal(ledger.pending.length, 2);
});
