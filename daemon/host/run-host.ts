import "../../base/resolve-hook.ts";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pause } from "../../base/clock.ts";
import { codeOf, messageOf } from "../../base/errors.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { grammarOf } from "../../chaos/grammar.ts";
import { loadDriver } from "../../load/driver.ts";
import { type LoadHandle, openLoad } from "../../load/generator.ts";
import { readJournal } from "../../load/journal.ts";
import type { Counts } from "../../load/report.ts";
import { isTimed } from "../../load/schedule.ts";
import { Threads } from "../../load/threads.ts";
import { watchHost } from "../../load/watch-host.ts";
import { watchedBy } from "../../scenarios/contract/alert-rule.ts";
import type { HookContext } from "../../scenarios/contract/context.ts";
import type { Facts } from "../../scenarios/contract/facts.ts";
import {
	firstPhases,
	fullPhases,
	type Plan,
	type PlanData,
	type Trial,
	withTrial,
} from "../../scenarios/contract/plan.ts";
import type { RunParams } from "../../scenarios/contract/run-params.ts";
import type { Scenario } from "../../scenarios/contract/scenario.ts";
import { type Settled, settle } from "../../scenarios/contract/settle.ts";
import { cornersOf, cornersOfAll, type Doubt } from "./corners.ts";
import { readGauges } from "./gauges.ts";
import { withRunners } from "./jobs.ts";
import { aboutNone, judge } from "./judge.ts";
import { keepFiles, keptNamePattern } from "./keep-files.ts";
import type {
	CaseContext,
	Conclusions,
	DaemonMessage,
	HostAnswers,
	HostCall,
	HostMessage,
} from "./protocol.ts";

// The one process in which a run's scenario code runs. It answers the daemon's calls and ends with the channel, so a
// daemon that dies leaves no host behind.

const observedBytesMax = 256 * 1024;

let file = "";
let scenario: Scenario;
/** What `arrange` left for the hooks after it, of the case that is under way. */
let state: unknown;
let loads = new Map<string, LoadHandle>();
/** The run's zero on the machine's monotonic clock, and the loads' after it. */
let zeroNs = 0n;
let loadsZeroMs = 0;
/** For all the loads of this process, and ended with it. */
const threads = new Threads();
/** Of the loads that have ended, of the case that is under way. */
let counts: Record<string, Counts> = {};
/** One for the life of this process, and ended with it. */
let watching: Promise<unknown> | null = null;
/** From the opening of the loads; gauges are read between their beginning and their end. */
let startGauges = () => () => {};
let stopGauges = () => {};
let aborter = new AbortController();

process.on("message", (message: DaemonMessage) => {
	switch (message.kind) {
		case "abort":
			aborter.abort(new Error("the run stops, or the hook has reached its limit"));
			return;
		case "call":
			void answer(message.id, message.call);
			return;
		default:
			message satisfies never;
	}
});
process.on("disconnect", () => process.exit(0));

function send(message: HostMessage): void {
	process.send?.(message);
}

async function answer(id: number, call: HostCall): Promise<void> {
	try {
		send({ kind: "answer", id, value: await perform(call) });
	} catch (error) {
		const stack = error instanceof Error ? (error.stack ?? "") : "";
		send({ kind: "failed", id, error: { code: codeOf(error), message: messageOf(error), stack } });
	}
}

async function perform(call: HostCall): Promise<HostAnswers[HostCall["do"]]> {
	switch (call.do) {
		case "open": {
			file = call.file;
			process.chdir(call.folder);
			// Every load has a thread; the first one loads what this process loads, beside it.
			threads.warm({ moduleUrl: pathToFileURL(file).href, drivers: [] }, 1);
			const module = (await import(pathToFileURL(file).href)) as { default: Scenario };
			scenario = module.default;
			return null;
		}
		case "cases":
			return scenario.cases(call.params) as Record<string, JsonObject>;
		case "plan":
			return planned(call.params, call.trial);
		case "drivers":
			return driversOf(call.names);
		case "grammar":
			return scenario.explore?.(call.params) ?? grammarOf(scenario.plan(call.params).faults ?? []);
		case "arrange":
			state = undefined;
			state = await scenario.hooks.arrange?.(hookContext(call.context));
			return null;
		case "openLoads":
			await openLoads(call.context);
			return null;
		case "beginLoads":
			for (const load of loads.values()) load.begin(call.zeroNs);
			loadsZeroMs = Number(call.zeroNs - zeroNs) / 1e6;
			stopGauges = startGauges();
			return null;
		case "beginPhase":
			for (const load of loads.values()) load.beginPhase(call.phase, call.fromNs);
			return null;
		case "steerLoad":
			named(Object.fromEntries(loads), call.load, "load").steer(call.change);
			return null;
		case "stopLoads":
			return stopLoads(call.atNs, call.abort);
		case "settle":
			return settled(call.context);
		case "observe":
			return bounded("observe", await scenario.hooks.observe?.(hookContext(call.context)));
		case "truth":
			return bounded("truth", await scenario.hooks.truth?.(hookContext(call.context)));
		case "judge":
			// By now all is loaded that a run needs, and this process ends by a kill: it would write nothing down.
			flushCompileCache();
			return judgeCase(call.facts, call.doubt);
		case "judgeOverall":
			return judgeOverall(call.cases);
		default:
			return call satisfies never;
	}
}

function judgeCase(facts: Facts, doubt: Doubt): Conclusions {
	const { beyond, starved } = doubt;
	return judge(scenario.judgement, facts, facts.case, {
		corners: cornersOf(facts, doubt),
		beyond,
		starved,
	});
}

function judgeOverall(cases: readonly { facts: Facts; doubt: Doubt }[]): Conclusions {
	const first = (of: "beyond" | "starved") =>
		cases.map(({ doubt }) => doubt[of]).find((why) => why !== null) ?? null;
	const all = cases.map(({ facts }) => facts);
	const outlooks = {
		corners: cornersOfAll(cases),
		beyond: first("beyond"),
		starved: first("starved"),
	};
	const concluded = judge(scenario.judgementOfAll, all, null, outlooks);
	return { ...concluded, checks: [...aboutNone(scenario.judgement, all), ...concluded.checks] };
}

function settled(context: CaseContext): Promise<Settled> | null {
	const { settle: wanted } = scenario.hooks;
	if (wanted === null) return null;
	const ctx = hookContext(context);
	return settle(wanted, ctx, {
		nowMs: () => performance.now(),
		pause: (ms) => pause(ms, ctx.signal),
	});
}

function withoutFunctions(plan: ReturnType<Scenario["plan"]>): PlanData {
	const { phases, ...data } = withRunners(JSON.parse(JSON.stringify(plan)) as Plan, file);
	return { ...data, phases: fullPhases(phases) };
}

async function driversOf(names: readonly string[]): Promise<HostAnswers["drivers"]> {
	const known = names.map((name) =>
		loadDriver(name).then(
			({ speaks }) => [name, speaks] as const,
			(error: unknown) => [name, messageOf(error)] as const,
		),
	);
	return Object.fromEntries(await Promise.all(known));
}

/** The plan; its threads are made ready meanwhile. */
async function planned(params: RunParams, trial: Trial | null): Promise<PlanData> {
	const plan = knownGauges(withoutFunctions(withTrial(scenario.plan(params), trial)));
	plan.phases.steadyLimitMs = await steadyLimitOf(plan);
	const loads = Object.values(plan.loads);
	const drivers = loads.flatMap(({ clients }) =>
		Object.values(clients).map(({ driver }) => driver),
	);
	const workers = loads.reduce((sum, load) => sum + load.workers, 0);
	threads.warm({ moduleUrl: pathToFileURL(file).href, drivers: [...new Set(drivers)] }, workers);
	return plan;
}

/** `steady` lasts longer than it must only for thresholds, and where no arrival counts on its time. */
async function steadyLimitOf({ phases, steady, loads }: PlanData): Promise<number> {
	const timed = await Promise.all(Object.values(loads).map(({ arrival }) => isTimed(arrival)));
	return steady?.length && !timed.includes(true) ? phases.steadyLimitMs : phases.steadyMs;
}

/** The plan, where every gauge that it watches is one of the scenario's. */
function knownGauges(plan: PlanData): PlanData {
	const gauges = Object.fromEntries(Object.keys(scenario.hooks.gauges).map((name) => [name, true]));
	for (const watched of [...(plan.abortWhen ?? []), ...(plan.alerts ?? []).map(watchedBy)])
		if ("gauge" in watched) named(gauges, watched.gauge, "gauge");
	return plan;
}

async function openLoads(context: CaseContext): Promise<void> {
	const plan = withTrial(scenario.plan(context.params), context.trial);
	watching ??= watchHost((pause) => send({ kind: "hostPause", pause }));
	loads = new Map();
	counts = {};
	const { intervalMs } = fullPhases(plan.phases);
	zeroNs = context.zeroNs;
	startGauges = () =>
		readGauges(scenario.hooks.gauges, intervalMs, {
			context: (signal) => hookContext(context, signal),
			tell: (gauge, value) => send({ kind: "gauge", gauge, value }),
		});
	for (const [name, spec] of Object.entries(plan.loads)) {
		const handle = openLoad({
			name,
			moduleUrl: pathToFileURL(file).href,
			params: context.params,
			names: context.names,
			threads,
			spec: withoutFunctions(plan).loads[name]!,
			endpoints: context.paths,
			phases: firstPhases(plan),
			intervalMs,
			journalFolder: spec.journal ? context.journalFolder : null,
			onMessage: (message) => send({ kind: "worker", message }),
		});
		handle.ended.catch((error: unknown) =>
			send({ kind: "loadFailed", load: name, message: messageOf(error) }),
		);
		loads.set(name, handle);
	}
	await Promise.all([watching, ...[...loads.values()].map((load) => load.opened)]);
}

async function stopLoads(atNs: bigint, abort: boolean): Promise<Record<string, Counts>> {
	const totals: Record<string, Counts> = {};
	stopGauges();
	for (const load of loads.values()) {
		if (abort) load.abort();
		else load.stop(atNs);
	}
	for (const [name, load] of loads) totals[name] = await load.ended;
	counts = { ...counts, ...totals };
	loads = new Map();
	return totals;
}

/** The signal of a hook, which the daemon aborts at its limit. */
function hookSignal(): AbortSignal {
	aborter = new AbortController();
	return aborter.signal;
}

function hookContext(context: CaseContext, signal = hookSignal()): HookContext<RunParams> {
	return {
		params: context.params,
		case: context.case,
		names: context.names,
		direct: context.direct as HookContext<RunParams>["direct"],
		state,
		subject: (name) => named(context.subjects, name, "subject"),
		subjectFolder: (name) => named(context.subjectFolders, name, "subject"),
		zeroMs: Number(context.zeroNs) / 1e6,
		journal: (load) => {
			const { journal } = named(scenario.plan(context.params).loads, load, "load");
			// An empty one would look like a load of which nothing was accepted.
			if (journal) return readJournal(context.journalFolder, load, loadsZeroMs);
			throw new Error(`load "${load}" keeps no journal: let it, by journal: true`);
		},
		counts: (load) => named(counts, load, "ended load"),
		keep: (name, folder, texts = {}) => {
			if (!keptNamePattern.test(name)) throw new Error(`"${name}" is no name to keep files by`);
			const ofCase = context.case === null ? name : `${context.case}-${name}`;
			keepFiles(join(context.filesFolder, ofCase), folder, texts);
		},
		signal,
		log: (message) => send({ kind: "log", message }),
	};
}

function named<T>(table: Record<string, T>, name: string, what: string): T {
	const found = table[name];
	if (found === undefined) {
		throw new Error(
			`no ${what} "${name}" in this run; it has: ${Object.keys(table).join(", ") || "none"}`,
		);
	}
	return found;
}

function bounded(hook: string, value: Json = null): Json {
	const bytes = Buffer.byteLength(JSON.stringify(value));
	if (bytes > observedBytesMax) {
		throw new Error(
			`${hook} answered ${bytes} bytes of JSON, the limit is ${observedBytesMax}; reduce rows with digest()`,
		);
	}
	return value;
}
