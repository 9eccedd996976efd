import "../bare-node.ts";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { pause } from "../../../base/clock.ts";
import { FaultlineError } from "../../../base/errors.ts";
import { raisesPriorities } from "../../../base/priority.ts";
import { identify } from "../../../base/process.ts";
import { describeFile } from "../../../daemon/host/catalog.ts";
import type { ScenarioDescription } from "../../../daemon/host/protocol.ts";
import type { Run } from "../../../daemon/runs/run.ts";
import { runProxyPrefix, workFolderOf } from "../../../daemon/stage/stage.ts";
import type { OperationTimes } from "../../../load/journal.ts";
import { fakeRedis } from "../../chaos/fake-redis.ts";
import { runDocument } from "../record/run-document.ts";
import { managerRig } from "../stage/fake-stack.ts";

const file = fileURLToPath(new URL("../../fixtures/scenarios/hooks.scenario.ts", import.meta.url));
const sweepFile = fileURLToPath(
	new URL("../../fixtures/scenarios/sweep.scenario.ts", import.meta.url),
);
const meetingFile = fileURLToPath(
	new URL("../../fixtures/scenarios/meeting.scenario.ts", import.meta.url),
);
const plannedFile = fileURLToPath(
	new URL("../../fixtures/scenarios/planned.scenario.ts", import.meta.url),
);
const keptFile = fileURLToPath(
	new URL("../../fixtures/scenarios/kept.scenario.ts", import.meta.url),
);
let hooks: ScenarioDescription;
type Seen = { pid: number; turn: string; files: string[]; nice: number };

t.before(async () => {
	hooks = await describeFile(file);
});
t.jobs = 2;

t.test(
	"a run that begins at once goes on in the process in which its plan was made, and one that waits begins anew",
	async (t) => {
		const { runs, store, stack } = managerRig(t);
		const planned = await describeFile(plannedFile);
		const planCountOf = async (run: Run) => {
			t.match(await run.ended, { state: "done", verdict: "passed", reasons: [] });
			const [one] = store.readOutcome(run.id)!.cases;
			const { planCount, folder } = one!.observed as { planCount: number; folder: string };
			t.equal(folder, workFolderOf(stack.home, run.id, null), "it works in the run's folder");
			return planCount;
		};
		const atOnce = await planCountOf(await runs.start(planned, {}));
		const held = Promise.withResolvers<void>();
		const between = runs.between(() => held.promise);
		const waiting = await runs.start(planned, {});
		held.resolve();
		await between;
		t.equal(
			atOnce,
			(await planCountOf(waiting)) + 1,
			"the first was planned there before it was a run",
		);
	},
);

t.test("so many pages may wait to be made, and one more is refused with what to do", async (t) => {
	const { runs } = managerRig(t);
	const first = Promise.withResolvers<void>();
	const waiting = [runs.between(() => first.promise)];
	for (let n = 0; n < 20; n++) waiting.push(runs.between(async () => {}));
	t.throws(() => runs.between(async () => {}), { code: "FLT_BUSY", hint: "ask again later" });
	first.resolve();
	await Promise.all(waiting);
	await runs.between(async () => t.pass("then there is room again"));
});

t.test("a run whose service does not come up has nothing in it that could be left", async (t) => {
	const { runs, stack } = managerRig(t);
	stack.lease = () =>
		Promise.reject(
			new FaultlineError("FLT_COMPONENT_MISSING", "s3 did not answer", "look at its log"),
		);
	const run = await runs.start({ ...hooks, needs: ["s3"] }, {});
	const { verdict, reasons } = await run.ended;
	t.equal(verdict, "invalid");
	t.match(reasons, [{ code: "component_lost", message: /s3 did not answer/ }]);
	t.equal(reasons.length, 1, "and nothing is called unhealed");
});

t.test(
	"a run whose parameter wants a tool that can't be had is refused, and no other",
	async (t) => {
		const { runs } = managerRig(t);
		const wanting = {
			...hooks,
			needsFor: [{ param: "act", value: "hang", services: [], tools: ["dbt"] }],
		};
		await t.rejects(runs.start(wanting, { act: "hang" }), {
			code: "FLT_COMPONENT_MISSING",
			message: /^dbt is missing/,
		});
		const { state, verdict, reasons } = await (await runs.start(wanting, { size: "small" })).ended;
		t.equal(state, "done");
		// A machine that is busy by itself may be to blame, and nothing else.
		const blamed = reasons.every(({ code }) => code === "generator_late" || code === "host_busy");
		t.ok(verdict === "passed" || (verdict === "invalid" && blamed), JSON.stringify(reasons));
	},
);

t.test("a value can want a service: without it its runs are refused, and no other", async (t) => {
	const { manager } = managerRig(t);
	const missing = (service: string) =>
		service === "s3"
			? new FaultlineError("FLT_COMPONENT_MISSING", "s3 is missing", "install Go")
			: null;
	const runs = manager({ missing });
	t.teardown(() => runs.close("the test is over"));
	const services = ["s3" as const];
	const wanting = { ...hooks, needsFor: [{ param: "act", value: "hang", services, tools: [] }] };
	await t.rejects(runs.start(wanting, { act: "hang" }), {
		code: "FLT_COMPONENT_MISSING",
		message: /^s3 is missing/,
		hint: "install Go",
	});
	const run = await runs.start(wanting, { size: "small" });
	t.same(run.document.needs, hooks.needs, "which none of the others needs");
	t.equal((await run.ended).state, "done");
});

t.test(
	"what can't be written at a run's end ends it as crashed, though all was well",
	async (t) => {
		const { runs, store } = managerRig(t);
		const run = await runs.start(hooks, { size: "small" });
		// A folder in its place can't be written to: as on a full disk.
		mkdirSync(join(store.folderOf(run.id), "latency.hlog"));
		const { state, verdict, reasons } = await run.ended;
		t.match({ state, verdict }, { state: "crashed", verdict: "invalid" });
		t.match(reasons, [{ code: "crashed", message: /^the record can't be written: / }]);
		t.equal(store.read(run.id).state, "crashed");
	},
);

t.test(
	"a run goes through its states to a record that names its parts as documented",
	async (t) => {
		const { runs, store, home } = managerRig(t);
		const run = await runs.start(hooks, { size: "small", seed: "7", guard: "off", lost: 2 });
		t.equal(runs.active, run);
		const document = await run.ended;
		t.match(document, {
			schema: 1,
			scenario: "hooks",
			seed: 7,
			size: "small",
			state: "done",
			verdict: "failed",
			expect: "failed",
			asExpected: true,
			counts: "exact",
			scenarioHash: hooks.hash,
		});
		t.match(document.reasons[0], { code: "check_failed", message: /^none-lost: 2 of \d+ lost$/ });
		const states = store
			.readEvents(run.id)
			.flatMap((event) => (event.type === "state" ? [event.state] : []));
		t.same(states, ["queued", "preparing", "warming", "steady", "verifying", "cleaning", "done"]);
		t.same(
			document.checks.map(({ id, ok }) => [id, ok]),
			[
				["none-lost", false],
				["quick", true],
			],
		);
		t.match(
			document.metrics.find(({ name }) => name === "ticks_lost_count"),
			{ value: 2, unit: "count", portability: "exact", censored: false, case: null },
		);

		const kept = store.read(run.id);
		t.same(kept, JSON.parse(JSON.stringify(document)), "on the disk as it was told");
		t.same(Object.keys(kept).sort(), [
			"about",
			"alerts",
			"allowDestructive",
			"asExpected",
			"changed",
			"checks",
			"counts",
			"duet",
			"endedAt",
			"environment",
			"expect",
			"exploration",
			"faults",
			"file",
			"loads",
			"metrics",
			"needs",
			"params",
			"phases",
			"queuedAt",
			"reasons",
			"runId",
			"scenario",
			"scenarioHash",
			"schema",
			"seed",
			"seedDrawn",
			"size",
			"startedAt",
			"state",
			"timings",
			"tries",
			"verdict",
			"versions",
		]);
		t.same(Object.keys(kept.phases[0]!).sort(), ["case", "fromMs", "name", "toMs"]);
		t.same(Object.keys(kept.checks[0]!).sort(), [
			"actual",
			"case",
			"expected",
			"id",
			"kind",
			"message",
			"ok",
			"openBy",
			"outcome",
			"shapedBy",
		]);
		t.same(Object.keys(kept.metrics[0]!).sort(), [
			"case",
			"censored",
			"direction",
			"name",
			"portability",
			"unit",
			"value",
		]);
		t.same(Object.keys(kept.loads[0]!).sort(), [
			"achieved_per_sec",
			"case",
			"censored",
			"counters",
			"dropped_count",
			"due_count",
			"error_samples",
			"errors",
			"fail_count",
			"lateness",
			"name",
			"offered_per_sec",
			"ok_count",
			"ok_within_us",
			"phase",
			"queue_us",
			"response_us",
			"schedule_lag_us",
			"service_us",
			"started_count",
			"unknown_count",
		]);
		t.same(Object.keys(kept.environment).sort(), [
			"cores",
			"cpu",
			"fingerprint",
			"kernel",
			"memoryBytes",
		]);
		const { first } = store.readOutcome(run.id)!.cases[0]!.expected as { first: OperationTimes };
		t.equal(first.intendedMs, kept.phases[0]!.fromMs, "the journal's times are the run's");
		t.ok(first.intendedMs <= first.startedMs && first.startedMs <= first.endedMs);
		const all = kept.loads.find(({ phase }) => phase === "all")!;
		t.equal(all.started_count, all.ok_count + all.fail_count + all.unknown_count);
		const outcome = JSON.parse(readFileSync(join(store.folderOf(run.id), "outcome.json"), "utf8"));
		const { doubt, ...shown } = outcome.cases[0];
		t.same(Object.keys(doubt).sort(), ["beyond", "recovery", "starved", "straddlingCount"]);
		t.same(
			{ ...outcome, cases: [shown] },
			{
				schema: 1,
				cases: [{ case: null, observed: { rows: 1 }, expected: { ok: all.ok_count, first } }],
				charts: [],
			},
		);
		t.same(readdirSync(store.folderOf(run.id)).sort(), [
			"events.ndjson",
			"intervals.ndjson",
			"journal",
			"latency.hlog",
			"outcome.json",
			"run.json",
		]);
		t.notOk(existsSync(workFolderOf(home, run.id)), "what it worked in is gone");
		while (runs.active !== null) await pause(1);
		t.equal(runs.live(run.id), null, "from now on it is read from the disk");
	},
);

t.test("cases run one after another, each with its own phases, checks and metrics", async (t) => {
	const { runs } = managerRig(t);
	// Of any name: a run's id is part of paths and must lead back to its record.
	const named = { ...hooks, name: "größe [1] & so on" };
	const run = await runs.start(named, { size: "small", cases: 2 });
	const document = await run.ended;
	t.equal(document.state, "done", JSON.stringify(document.reasons));
	const cases = (list: { case: string | null }[]) => [...new Set(list.map((one) => one.case))];
	for (const list of [document.phases, document.checks, document.metrics, document.loads])
		t.same(cases(list), ["c0", "c1"]);
	const [first, second] = ["c0", "c1"].map((id) => document.phases.filter((p) => p.case === id));
	t.ok(second![0]!.fromMs >= first!.at(-1)!.toMs);

	while (runs.active !== null) await pause(1);
	t.match(run.id, /^\d{8}T\d{6}Z-[\w.-]+-[0-9a-f]{4}$/);
	t.equal(runs.read(run.id).scenario, "größe [1] & so on");
	t.equal(runs.list(10, null).length, 1);
});

t.test("what cases tell together is judged after the last, and drawn", async (t) => {
	const { runs, store } = managerRig(t);
	const run = await runs.start(await describeFile(sweepFile), {});
	const { state, checks, metrics, reasons } = await run.ended;
	t.equal(state, "done", JSON.stringify(reasons));
	t.same(
		checks.map(({ id, case: caseId, ok, actual }) => [id, caseId, ok, actual]),
		[
			["read", "few", true, 20],
			["read", "many", true, 2_000],
			["slow", "many", true, 2_000],
			["linear", null, true, ["few", "many"]],
		],
	);
	t.match(metrics.at(-1), { name: "cases_count", case: null, value: 2 });
	const said = store.readEvents(run.id).filter((event) => event.type === "check");
	t.equal(said.length, 4, "each is an event");
	t.match(store.readOutcome(run.id)!.charts, [
		{ id: "single", case: "few", series: [{ points: [[10, 20]] }] },
		{ id: "single", case: "many", series: [{ points: [[1_000, 2_000]] }] },
		{ id: "growth", case: null, x: { label: "rows", scale: "log" }, problem: null },
		{ id: "broken", case: null, series: [], problem: "it threw: no such column" },
	]);
});

t.test("subjects that no path leads to are started beside each other", async (t) => {
	const { runs } = managerRig(t);
	const run = await runs.start(await describeFile(meetingFile), {});
	const { state, reasons } = await run.ended;
	t.equal(state, "done", JSON.stringify(reasons));
});

t.test("a subject that is kept goes on from case to case, and ends with the run", async (t) => {
	const { runs } = managerRig(t);
	const run = await runs.start(await describeFile(keptFile), {});
	const { state, reasons, checks } = await run.ended;
	t.equal(state, "done", JSON.stringify(reasons));
	const seen = checks.map(({ actual }) => actual as Seen);
	t.same(
		seen.map(({ turn, files }) => [turn, files]),
		["1", "2", "3", "4", "5"].map((turn) => [turn, [`of-${turn}`]]),
		"it is told of each case, in a folder without the one before",
	);
	const [first, second, other, ends, after] = seen.map(({ pid }) => pid);
	t.equal(second, first, "it goes on");
	t.not(other, second, "with other arguments it is another");
	t.equal(ends, other);
	t.not(after, ends, "one that has ended is started again");
	for (const { nice } of seen)
		t.equal(nice, raisesPriorities() ? -5 : 5, "it gives way to the load");
	for (const { pid } of seen) t.equal(identify(pid), null, "and none is left");
});

t.test("whatever a hook does, the run ends with the right state, verdict and reason", async (t) => {
	const { runs } = managerRig(t);
	const rows: [given: object, state: string, verdict: string, code: string, why: string][] = [
		[{ act: "throw" }, "aborted", "invalid", "check_threw", "observe threw"],
		[{ act: "exit" }, "crashed", "failed", "host_died", "it ended its process"],
		[{ act: "hang", hook: "arrange" }, "crashed", "failed", "hook_limit", "it never ends"],
	];
	for (const [given, state, verdict, code, why] of rows) {
		const document = await (await runs.start(hooks, { size: "small", ...given })).ended;
		const codes = document.reasons.map((reason) => reason.code);
		t.match([document.state, document.verdict], [state, verdict], `${why}: ${codes}`);
		t.ok(codes.includes(code as never), `${why}: ${JSON.stringify(document.reasons)}`);
		t.equal(document.counts, code === "check_threw" ? "exact" : "bounded");
	}
});

t.test("an abort condition ends the run early; what was counted is still judged", async (t) => {
	const { runs } = managerRig(t);
	const run = await runs.start(hooks, { failPct: 100, steadyMs: 60_000, lost: 1 });
	const document = await run.ended;
	t.match(document, { state: "aborted", verdict: "failed" });
	t.same(
		document.reasons.map(({ code }) => code),
		["check_failed", "aborted"],
	);
	t.match(document.reasons[1]?.message, /^ticks\.error_pct above 50 over 150 ms$/);
	t.same(
		document.checks.map(({ kind }) => kind),
		["correctness"],
		"half a run's timings say nothing",
	);
	const steady = document.phases.at(-1)!;
	t.equal(steady.name, "steady");
	t.ok(steady.toMs > steady.fromMs, "the phase that was cut short lasted until then");
	const all = document.loads.find(({ phase }) => phase === "all")!;
	t.ok(
		all.offered_per_sec! < 200,
		`100 a second were offered, and no more are told: ${all.offered_per_sec}`,
	);
});

t.test("runs go one at a time; one that waits can be stopped, and one that runs", async (t) => {
	const { runs, store } = managerRig(t);
	const first = await runs.start(hooks, { steadyMs: 60_000 });
	const second = await runs.start(hooks, {});
	while (first.document.state !== "steady") await pause(5);
	t.equal(second.document.state, "queued");
	const stopped = await runs.stop(second.id, "by request");
	t.match(stopped, {
		state: "aborted",
		verdict: "invalid",
		startedAt: null,
		reasons: [{ code: "stopped", message: "by request" }],
	});
	t.match(await runs.stop(first.id, "by request"), { state: "aborted", verdict: "invalid" });
	t.match(await runs.stop(first.id, "again"), { state: "aborted" });
	t.equal(second.document.endedAt === null, false);
	t.equal(store.list(9, null).length, 2);
	t.throws(() => runs.read("nobody"), { code: "FLT_NOT_FOUND" });
	await t.rejects(runs.stop("nobody", "why"), { code: "FLT_NOT_FOUND" });
	t.equal(runs.list(1, null).length, 1);
});

t.test(
	"work between runs waits for the run that is measured, and the next one for it",
	async (t) => {
		const { runs } = managerRig(t);
		await runs.between(async () => t.equal(runs.active, null, "at once where nothing runs"));
		const first = await runs.start(hooks, { steadyMs: 60_000 });
		const second = await runs.start(hooks, { steadyMs: 60_000 });
		while (first.document.state !== "steady") await pause(5);
		const held = Promise.withResolvers<void>();
		let began = false;
		const work = runs.between(async () => {
			began = true;
			t.ok(first.document.endedAt !== null, "the first run is over");
			await held.promise;
			t.equal(second.document.state, "queued", "and the second has not begun");
			throw new Error("it went wrong");
		});
		t.equal(began, false, "not while the first runs");
		await runs.stop(first.id, "by request");
		while (!began) await pause(5);
		held.resolve();
		await t.rejects(work, { message: "it went wrong" }, "which is for who asked for it");
		while (second.document.state !== "steady") await pause(5);
		await runs.stop(second.id, "by request");
	},
);

t.test("a component that dies ends the run, and says which", async (t) => {
	const { runs, lose } = managerRig(t);
	const run = await runs.start(hooks, { steadyMs: 60_000 });
	lose("postgres: its process has ended");
	t.match(await run.ended, {
		state: "aborted",
		verdict: "invalid",
		reasons: [{ code: "component_lost", message: "postgres: its process has ended" }],
	});
});

t.test("a plan that can't be made is refused where it was asked for", async (t) => {
	const { runs, store } = managerRig(t);
	const rows: [given: object, code: string, message: RegExp][] = [
		[{ hook: "plan", act: "throw" }, "FLT_PLAN_INVALID", /plan of "hooks" can't be made: no such/],
		[{ steadyMs: -1 }, "FLT_PARAM_INVALID", /steadyMs: must be at least 0, but is -1/],
		[{ steadMs: 1 }, "FLT_PARAM_INVALID", /did you mean "steadyMs"/],
	];
	for (const [given, code, message] of rows)
		await t.rejects(runs.start(hooks, { ...given }), { code, message });
	t.same(store.list(9, null), []);
});

t.test("a daemon that closes stops what runs and what waits, and takes no more", async (t) => {
	const { runs } = managerRig(t);
	const first = await runs.start(hooks, { steadyMs: 60_000 });
	const second = await runs.start(hooks, {});
	await runs.close("it was asked to");
	for (const { document } of [first, second]) {
		t.match(document, { state: "aborted", verdict: "invalid" });
		t.ok(document.reasons.some(({ code }) => code === "stopped"));
	}
	await t.rejects(runs.start(hooks, {}), { code: "FLT_CONFLICT", message: /it was asked to/ });
});

t.test("what a dead daemon left unfinished is cleaned up and marked as crashed", async (t) => {
	const { manager, store, home, proxies, stack } = managerRig(t);
	const dead = runDocument({ runId: "20260101T000000Z-hooks-0001", state: "faulting" });
	const done = runDocument({
		runId: "20260101T000001Z-hooks-0002",
		state: "done",
		verdict: "passed",
	});
	for (const document of [dead, done]) store.create(document);
	const work = workFolderOf(home, dead.runId);
	mkdirSync(work, { recursive: true });
	writeFileSync(join(work, "left"), "");
	const own = `${runProxyPrefix(stack.home.id, dead.runId)}db`;
	const others = [`${runProxyPrefix(stack.home.id, done.runId)}db`, "faultline-other-x", "p"];
	for (const name of [own, ...others]) proxies.add(name);

	const runs = manager();
	t.same(await runs.recover(), [dead.runId]);
	t.match(runs.read(dead.runId), {
		state: "crashed",
		verdict: "invalid",
		asExpected: false,
		counts: "bounded",
		reasons: [{ code: "crashed", message: "the daemon ended while the run was faulting" }],
		endedAt: String,
	});
	t.same(store.read(done.runId), done);
	t.notOk(existsSync(work));
	t.same([...proxies].sort(), others.sort(), "only what the dead run made");
	t.same(await runs.recover(), [], "once");
});

t.test("what a run left in a service that was away is removed once it is back", async (t) => {
	const { runs, store, home, proxies, stack } = managerRig(t);
	const ended = runDocument({
		runId: "20260101T000000Z-hooks-0001",
		state: "aborted",
		verdict: "invalid",
		needs: ["redis"],
	});
	store.create(ended);
	const work = workFolderOf(home, ended.runId);
	mkdirSync(work, { recursive: true });
	proxies.add(`${runProxyPrefix(stack.home.id, ended.runId)}cache`);

	t.same(await runs.recover(), [], "the run itself was ended in order");
	t.ok(existsSync(work), "the sign that something of it is left");
	t.match(await runs.sweep(), [/what run 20260101T000000Z-hooks-0001 left .*: redis is away/]);
	t.same([...proxies], [], "what could be removed is");

	const redis = await fakeRedis(t);
	redis.keys.add("flt:20260101T000000Z-hooks-0001:left");
	stack.endpoint = () => ({ kind: "redis", url: redis.url });
	t.same(await runs.sweep(), []);
	t.same([...redis.keys], []);
	t.notOk(existsSync(work));
});

t.test("a gauge of the scenario's own ends a run that it says is beyond its limit", async (t) => {
	const { runs, store } = managerRig(t);
	const gauged = await describeFile(file.replace("hooks.scenario", "gauge.scenario"));
	const run = await runs.start(gauged, {});
	const document = await run.ended;
	t.match(document, {
		state: "aborted",
		verdict: "failed",
		reasons: [{ code: "aborted", message: "lag above 30 over 50 ms" }],
	});
	const readings = store
		.readEvents(run.id)
		.flatMap((event) => (event.type === "gauge" ? [event.value] : []));
	t.same(readings.slice(0, 4), [10, 20, 30, 40], "they are in the record");
	await t.rejects(
		runs.start(gauged, { gauge: "depth" }),
		{ code: "FLT_PLAN_INVALID", message: /no gauge "depth" in this run; it has: lag/ },
		"one that the scenario has not",
	);
});

t.test("so many runs may wait, and one more is refused with what to do", async (t) => {
	const { manager } = managerRig(t);
	const runs = manager({ queueMax: 1 });
	t.teardown(() => runs.close("the test is over"));
	const given = { steadyMs: 60_000 };
	const [first, second] = [await runs.start(hooks, given), await runs.start(hooks, given)];
	await t.rejects(runs.start(hooks, given), {
		code: "FLT_BUSY",
		message: /^1 runs wait already/,
		hint: /stop/,
	});
	await runs.stop(second.id, "to make room");
	t.ok(await runs.start(hooks, given));
	await runs.stop(first.id, "enough");
});
