import "../bare-node.ts";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { pause } from "../../../base/clock.ts";
import { type HostEvent, RunHost } from "../../../daemon/host/channel.ts";
import type { CaseContext } from "../../../daemon/host/protocol.ts";
import { certain } from "../../../daemon/judgement/doubt.ts";
import type { Facts } from "../../../scenarios/contract/facts.ts";

const scenarios = new URL("../../fixtures/scenarios/", import.meta.url);
const file = fileURLToPath(new URL("hooks.scenario.ts", scenarios));
const sweep = fileURLToPath(new URL("sweep.scenario.ts", scenarios));
const patientMs = 60_000;
// Each test waits for processes of its own, most of them for a limit to pass.
t.jobs = 4;

interface Wanted {
	memoryMb?: number;
	of?: string;
	variables?: Record<string, string>;
}

interface Opened {
	host: RunHost;
	events: HostEvent[];
	context(act: string, hook?: string): CaseContext;
}

async function opened(
	t: Test,
	{ memoryMb = 2_000, of = file, variables = {} }: Wanted = {},
): Promise<Opened> {
	const folder = t.testdir();
	const events: HostEvent[] = [];
	const host = new RunHost({
		env: { ...process.env, FAULTLINE_INSTANCE: "test", ...variables },
		cwd: folder,
		memoryMb,
		onEvent: (event) => events.push(event),
	});
	t.teardown(() => host.close());
	await host.call({ do: "open", file: of, folder }, patientMs);
	const context = (act: string, hook = "observe"): CaseContext => ({
		trial: null,
		runId: "run-1",
		case: null,
		zeroNs: 0n,
		params: {
			act,
			hook,
			cases: 0,
			steadyMs: 100,
			failPct: 0,
			lost: 0,
			seed: 1,
			size: "default",
			guard: "on",
		},
		names: {
			database: "flt_x",
			topicPrefix: "flt.x.",
			keyPrefix: "flt:x:",
			bucketPrefix: "flt-x-",
		},
		direct: {},
		paths: {},
		subjects: {},
		subjectFolders: {},
		journalFolder: folder,
		filesFolder: folder,
	});
	return { host, events, context };
}

/** A case of which a record says nothing but its parameters. */
const nothingSeen: Omit<Facts, "params"> = {
	case: null,
	phases: [],
	loads: [],
	faults: [],
	alerts: [],
	recovery: null,
	straddlingCount: 0,
	observed: null,
	expected: null,
};

/** The process is gone, and no zombie of it is left either. */
const isGone = (pid: number) => {
	try {
		readFileSync(`/proc/${pid}/stat`);
		return false;
	} catch {
		return true;
	}
};

t.test(
	"a thread for loads loads the scenario beside its host, before there is a plan",
	async (t) => {
		const folder = t.testdir({
			"said.scenario.mjs": `
			import { appendFileSync } from "node:fs";
			import { isMainThread } from "node:worker_threads";
			appendFileSync("loaded-in", isMainThread ? "process " : "thread ");
			export default {};
		`,
		});
		const host = new RunHost({
			env: { ...process.env, FAULTLINE_INSTANCE: "test" },
			cwd: folder,
			memoryMb: 2_000,
			onEvent: () => {},
		});
		t.teardown(() => host.close());
		await host.call({ do: "open", file: join(folder, "said.scenario.mjs"), folder }, patientMs);
		const loadedIn = () => readFileSync(join(folder, "loaded-in"), "utf8").split(" ").sort();
		while (loadedIn().length < 3) await pause(10);
		t.same(loadedIn(), ["", "process", "thread"]);
	},
);

t.test("what a run compiles is written down, by the process and by its threads", async (t) => {
	const cache = join(t.testdir({ cache: {} }), "cache");
	const { host, context } = await opened(t, { variables: { NODE_COMPILE_CACHE: cache } });
	const kept = () => globSync(`${cache}/*/*`).length;
	while (kept() === 0) await pause(10);
	let byThreads = -1;
	while (kept() > byThreads) {
		byThreads = kept();
		await pause(200);
	}
	const facts: Facts = { ...nothingSeen, params: context("nothing").params };
	await host.call({ do: "judge", facts, doubt: certain(facts) }, patientMs);
	t.ok(kept() > byThreads, `${kept()} files, ${byThreads} of them by threads`);
});

t.test("a host answers each call with what the scenario's own functions said", async (t) => {
	const { host, context } = await opened(t);
	const { params } = context("nothing");
	t.same(await host.call({ do: "cases", params }, patientMs), {});
	const sweep = { ...params, cases: 2 };
	t.same(await host.call({ do: "cases", params: sweep }, patientMs), { c0: {}, c1: {} });
	const plan = await host.call({ do: "plan", params, trial: null }, patientMs);
	t.match(plan, { phases: { steadyMs: 100 }, loads: { ticks: { journal: true } } });
	t.notOk("work" in plan.loads.ticks!, "functions stay in their process");
	const [a, b] = await Promise.all([
		host.call({ do: "observe", context: context("nothing") }, patientMs),
		host.call({ do: "arrange", context: context("nothing") }, patientMs),
	]);
	t.same([a, b], [{ rows: 1 }, null], "answers find their calls");
	await host.close();
	t.equal(await host.died, null, "closed is not died");
});

t.test("a hook that throws gives its error and keeps the host", async (t) => {
	const { host, context } = await opened(t);
	await t.rejects(host.call({ do: "observe", context: context("throw") }, patientMs), {
		message: "no such table",
		code: "42P01",
		stack: /hooks\.scenario\.ts/,
	});
	await t.rejects(host.call({ do: "observe", context: context("missing-act") }, patientMs));
	t.same(await host.call({ do: "observe", context: context("nothing") }, patientMs), { rows: 1 });
});

t.test(
	"an answer that is too much, or no data, is the hook's mistake and not the host's",
	async (t) => {
		const { host, context } = await opened(t);
		const rows: [act: string, message: RegExp][] = [
			[
				"much",
				/observe answered 262146 bytes of JSON, the limit is 262144; reduce rows with digest/,
			],
			["circular", /circular/],
			["foreign", /could not be cloned/],
		];
		for (const [act, message] of rows) {
			const call = host.call({ do: "observe", context: context(act) }, patientMs);
			await t.rejects(call, { message }, act);
		}
		t.same(await host.call({ do: "observe", context: context("nothing") }, patientMs), { rows: 1 });
	},
);

t.test("a hook that can be told is given up at its limit, and the host goes on", async (t) => {
	const { host, context } = await opened(t);
	await t.rejects(host.call({ do: "observe", context: context("obey") }, 50), {
		code: "FLT_HOOK_LIMIT",
		message: "observe took longer than its limit of 50 ms",
		hint: /limits\.hookMs/,
	});
	t.same(await host.call({ do: "observe", context: context("nothing") }, patientMs), { rows: 1 });
});

t.test("a host that obeyed in time is not killed after its grace", async (t) => {
	const { host, context } = await opened(t);
	await t.rejects(host.call({ do: "observe", context: context("obey") }, 20), {
		code: "FLT_HOOK_LIMIT",
	});
	const outcome = await Promise.race([host.died, pause(2_500).then(() => "alive")]);
	t.equal(outcome, "alive", "the grace is for a hook that does not end");
	t.same(await host.call({ do: "observe", context: context("nothing") }, patientMs), { rows: 1 });
});

for (const [act, why] of [
	["loop", "synchronous code that can't be told anything"],
	["hang", "a promise that nobody settles"],
] as const) {
	t.test(`at its limit and a grace a hook is killed with its host: ${act}, ${why}`, async (t) => {
		const { host, context } = await opened(t);
		await t.rejects(host.call({ do: "arrange", context: context(act, "arrange") }, 50), {
			code: "FLT_HOOK_LIMIT",
		});
		t.equal(await host.died, "it did not end arrange when told to");
		t.ok(isGone(host.pid!));
	});
}

t.test(
	"a host that does not come to what is no hook's is late, which is no limit of a hook",
	async (t) => {
		const { host, context } = await opened(t);
		const looping = host.call({ do: "observe", context: context("loop") }, patientMs);
		looping.catch(() => {});
		const calls = [
			{ do: "beginPhase", phase: "steady", fromNs: 0n },
			{ do: "stopLoads", atNs: 0n, abort: false },
		] as const;
		for (const call of calls)
			await t.rejects(host.call(call, 50), {
				code: "FLT_HOST_LATE",
				message: `the run's process did not come to ${call.do} within 50 ms`,
				hint: /keeps the machine busy/,
			});
	},
);

t.test("a hook that leaks is ended by the host's memory limit, with the numbers", async (t) => {
	const { host, context } = await opened(t, { memoryMb: 400 });
	const call = host.call({ do: "observe", context: context("leak") }, patientMs);
	await t.rejects(call, { code: "FLT_HOST_DIED", message: /held \d+ MiB, its limit is 400 MiB/ });
	t.match(await host.died, /the run host held \d+ MiB/);
	t.ok(isGone(host.pid!));
});

t.test("whatever ends the host, the call in flight and the reason say so", async (t) => {
	const rows: [act: string, reason: RegExp][] = [
		["abort", /^the run host ended with SIGABRT$/],
		["exit", /^the run host ended with code 7$/],
		["late", /^the run host ended with code 1$/],
	];
	for (const [act, reason] of rows) {
		const { host, context, events } = await opened(t);
		const call = host.call({ do: "observe", context: context(act) }, patientMs);
		await t.rejects(call, { code: "FLT_HOST_DIED", message: reason }, act);
		t.match(await host.died, reason);
		if (act !== "late") continue;
		const said = () => events.some((e) => e.kind === "log" && e.message.includes("out of nowhere"));
		while (!said()) await pause(1);
		t.pass("its last words are in the run's log");
	}
});

t.test("a call to a host that is gone is refused at once, by the reason it died of", async (t) => {
	const { host, context } = await opened(t);
	const dying = host.call({ do: "observe", context: context("exit") }, patientMs);
	await t.rejects(dying, { code: "FLT_HOST_DIED" });
	await t.rejects(host.call({ do: "truth", context: context("nothing") }, 3_600_000), {
		code: "FLT_HOST_DIED",
		message: "the run host ended with code 7",
	});
	await host.close();
	host.abort();
});

t.test("closing ends a host in the middle of anything, any number of times", async (t) => {
	const { host, context } = await opened(t);
	const call = host.call({ do: "observe", context: context("loop") }, patientMs);
	call.catch(() => {});
	await Promise.all([host.close(), host.close()]);
	await host.close();
	await t.rejects(call, { code: "FLT_HOST_DIED" });
	t.ok(isGone(host.pid!));
});

t.test("what scenario code says goes into the run's log, by whatever way", async (t) => {
	const { host, context, events } = await opened(t);
	await host.call({ do: "observe", context: context("talk") }, patientMs);
	const wanted = ["through the context", "on standard output", "on standard error"];
	const said = () => events.map((event) => (event.kind === "log" ? event.message : "")).join("\n");
	while (!wanted.every((line) => said().includes(line))) await pause(1);
	t.pass();
});

t.test("a subject that is not there is named with those that are", async (t) => {
	const { host, context } = await opened(t);
	const asked = (subjects: Record<string, string>) =>
		host.call({ do: "observe", context: { ...context("stranger"), subjects } }, patientMs);
	await t.rejects(asked({}), /no subject "stranger" in this run; it has: none/);
	await t.rejects(asked({ a: "http://a", b: "http://b" }), /it has: a, b$/);
});

t.test("a file that can't be imported is the call's error", async (t) => {
	const { host } = await opened(t);
	const nowhere = { do: "open", file: "/nowhere/x.scenario.ts", folder: "/" } as const;
	await t.rejects(host.call(nowhere, patientMs), { code: "ERR_MODULE_NOT_FOUND" });
});

t.test(
	"a check that is about none of a run's cases can't tell, and one about some can",
	async (t) => {
		const { host, context } = await opened(t, { of: sweep });
		const { params } = context("nothing");
		const doubt = {
			recovery: { early: null, late: null },
			straddlingCount: 0,
			beyond: null,
			starved: null,
		};
		const judged = async (rows: number[]) => {
			const cases = rows.map((count) => ({
				facts: {
					...nothingSeen,
					params: { ...params, rows: count },
					case: `${count}`,
					observed: { readMs: 2 * count },
				},
				doubt,
			}));
			const { checks } = await host.call({ do: "judgeOverall", cases }, patientMs);
			return checks.map(({ id, outcome }) => [id, outcome]);
		};
		t.same(await judged([10, 1_000]), [["linear", "held"]]);
		t.same(await judged([10, 20]), [
			["slow", "cannot_tell"],
			["linear", "held"],
		]);
	},
);

t.test("a host says what drivers speak, and of one that there is not what was meant", async (t) => {
	const { host } = await opened(t);
	const known = await host.call({ do: "drivers", names: ["http", "redsi"] }, patientMs);
	t.same(known.http, ["http"]);
	t.match(known.redsi, /no driver "redsi"; did you mean "redis"\?/);
});
