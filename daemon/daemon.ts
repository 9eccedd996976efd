import { readFileSync, rmSync } from "node:fs";
import { isIP } from "node:net";
import { FaultlineError, messageOf } from "../base/errors.ts";
import { isLoopback } from "../base/loopback.ts";
import { giveMemoryBack } from "../base/memory.ts";
import { claimablePort } from "../base/port-holder.ts";
import { findMarked, identifySelf, killTree, treeOf } from "../base/process.ts";
import { Ledger } from "../chaos/ledger.ts";
import { ReceivedAlerts } from "./alerts/received.ts";
import { buildApi } from "./api/server.ts";
import { type BaselineStore, openBaselines } from "./compare/baseline-store.ts";
import { applyRetention } from "./compare/retention.ts";
import { openDesk } from "./desk/open-desk.ts";
import { ownAlertmanager } from "./desk/sinks/alertmanager.ts";
import { FaultsByHand } from "./faults/by-hand.ts";
import { givePasswords } from "./faults/give-passwords.ts";
import { foldersOf, type Home, openHome, writeDurably } from "./home/home.ts";
import { type Lock, lockHome } from "./home/lock.ts";
import { renewOwnerToken } from "./home/owner-token.ts";
import { ScenarioCatalog, SuiteCatalog } from "./host/catalog.ts";
import { isSuiteFile } from "./host/named.ts";
import { LiveMetrics } from "./metrics/live-metrics.ts";
import { Nightly } from "./nightly/nightly.ts";
import { readSchedule } from "./nightly/schedule.ts";
import { ownVersion } from "./record/environment.ts";
import { RunStore } from "./record/store.ts";
import { RunManager } from "./runs/manager.ts";
import { toolsIn } from "./runs/run-tools.ts";
import type { Settings } from "./settings.ts";
import { keepAlive } from "./stack/keep-alive.ts";
import { tellPrometheus } from "./stack/prometheus-targets.ts";
import { stayingUp } from "./stack/record.ts";
import type { ComponentId } from "./stack/service.ts";
import { openStack, type Stack } from "./stack/stack.ts";
import { missingComponent, runStackOf } from "./stack-view.ts";
import { uncleaned } from "./stage/clean-up.ts";
import { Suites } from "./suites/suites.ts";

/** For what runs that are stopped still have to tell. */
const sinksGraceMs = 1_000;

export interface DaemonOptions {
	settings: Settings;
	/** Log lines, for people. */
	log(line: string): void;
	/** What it is called in the lock: "the daemon", "faultline run". */
	what: string;
	/** Just these services; default all. */
	only?: readonly ComponentId[];
	/** Planned nightlies begin by themselves: not in a daemon that lives for one command. */
	isStanding?: boolean;
	/** Ends the start early. */
	signal?: AbortSignal;
}

/** What `daemon.json` says: how others find the daemon of this home. */
export interface DaemonFile {
	pid: number;
	startTime: number;
	url: string;
	version: string;
}

export interface Daemon {
	url: string;
	home: Home;
	runs: RunManager;
	catalog: ScenarioCatalog;
	/** Heals, ends runs, then the services; nothing of this home is left running. Any number of times. */
	close(why: string): Promise<void>;
}

/**
 * Starts a daemon for this home: takes the lock, brings up the stack, heals what an earlier daemon left broken, and
 * only then listens. Whatever fails, what was started is ended again.
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
	const { settings, log, signal } = options;
	await claimablePort(
		settings.port,
		settings.host,
		"stop it, or choose another port: --port N, FAULTLINE_PORT=N, --port 0 for a free one",
	);
	const { at, timeZone } = settings.nightly;
	if (at !== null) await readSchedule(at, timeZone); // a mistake in it is told before anything starts
	const home = openHome(settings.home);
	const lock = await lockHome(home, options.what);
	const opened: { stack: Stack | null; ledger: Ledger | null } = { stack: null, ledger: null };
	try {
		opened.stack = await openStack(settings, home, {
			log,
			progress: log,
			...(options.only && { only: options.only }),
			...(signal && { signal }),
		});
		signal?.throwIfAborted();
		opened.ledger = new Ledger(home.ledgerFile);
		givePasswords(opened.ledger, home);
		return await serve(options, home, lock, opened.stack, opened.ledger);
	} catch (error) {
		opened.ledger?.close();
		await opened.stack?.close();
		lock.release();
		throw error;
	}
}

async function serve(
	{ settings, log, isStanding = false }: DaemonOptions,
	home: Home,
	lock: Lock,
	stack: Stack,
	ledger: Ledger,
): Promise<Daemon> {
	const view = runStackOf(stack, home);
	const store = new RunStore(home.runs);
	const catalog = new ScenarioCatalog();
	const suiteCatalog = new SuiteCatalog();
	const missing = (id: string) => missingComponent(stack, id);
	const baselines = openBaselines(settings);
	const retain = () => tidy(settings, home, store, baselines, log);
	const received = new ReceivedAlerts(settings.alerts.incoming);
	const runs = new RunManager({
		stack: view,
		store,
		ledger,
		missing,
		tools: toolsIn({ folder: settings.cache, env: view.env }),
		received,
		log,
		afterRun: retain,
	});
	const alerts = openDesk({
		runs,
		received,
		sinks: settings.alerts.sinks,
		own: [ownAlertmanager(() => stack.status().alertmanager)],
		log,
	});
	const metrics = new LiveMetrics();
	runs.onRun((run) => metrics.follow(run));
	const faults = new FaultsByHand(runs, view, ledger);
	await faults.recover(log);
	for (const id of await runs.recover())
		log(`run ${id} was unfinished: cleaned up, marked as crashed`);
	const suites = new Suites({ runs, scenarios: catalog, home, log });
	for (const id of suites.recover()) log(`suite ${id} was unfinished: marked as crashed`);
	for (const entry of (await Promise.all([catalog.list(), suiteCatalog.list()])).flat()) {
		if (entry.kind !== "broken") continue;
		const word = isSuiteFile(entry.file) ? "suite" : "scenario";
		log(`${word} ${entry.name} does not load: ${entry.error} (${entry.file})`);
	}

	retain();
	const nightly = await Nightly.open({
		settings: settings.nightly,
		runs,
		catalog,
		baselines,
		home,
		log,
	});

	let port = settings.port;
	const context = {
		catalog,
		suiteCatalog,
		suites,
		runs,
		store,
		baselines,
		history: home.history,
		stack: () => stack.status(),
		revive: () => stack.revive(),
		ready: () => !faults.blocked,
		faults,
		nightly,
		alerts,
		metrics,
		log,
	};
	const app = await buildApi(context, {
		allowedHosts: [...settings.allowedHosts, ...ownAddress(settings.host)],
		port: () => port,
		token: settings.token,
		ownerToken: renewOwnerToken(home),
	});
	await app.listen({ port: settings.port, host: settings.host });
	port = portOf(app.server.address());
	const url = `http://${reachableHost(settings.host)}:${port}`;
	const self = identifySelf();
	tellPrometheus(home, url);
	const file: DaemonFile = { pid: self.pid, startTime: self.startTime, url, version: ownVersion() };
	writeDurably(home.daemonFile, `${JSON.stringify(file)}\n`);
	if (isStanding) nightly.follow();
	const look = keepAlive({
		stack,
		log,
		nowMs: Date.now,
		isIdle: () => runs.active === null && faults.inForce.length === 0,
		between: (work) => runs.between(work),
	});
	const looking = setInterval(() => void look(), lookEveryMs).unref();
	// Reading a cron line leaves more behind than it keeps.
	if (settings.nightly.at !== null) giveMemoryBack();

	let closing: Promise<void> | null = null;
	const close = async (why: string) => {
		clearInterval(looking);
		await Promise.all([nightly.close(why), suites.close(why), runs.close(why), faults.close()]);
		await alerts.close(sinksGraceMs);
		rmSync(home.daemonFile, { force: true });
		await app.close();
		store.close();
		ledger.close();
		await stack.close();
		await endOwn(home);
		lock.release();
	};
	return {
		url,
		home,
		runs,
		catalog,
		close: (why) => {
			closing ??= close(why);
			return closing;
		},
	};
}

/** How often services are looked at that may have ended. */
const lookEveryMs = 1_000;

/** Removes records by the settings; a baseline that can't be read may hold any, so that then nothing goes. */
function tidy(
	{ keepRuns, keepDays }: Settings,
	home: Home,
	store: RunStore,
	baselines: BaselineStore,
	log: (line: string) => void,
): void {
	try {
		const keep = { runs: keepRuns, days: keepDays };
		const options = { nowMs: Date.now(), needed: uncleaned(home) };
		const removed = applyRetention(store, baselines, keep, options);
		if (removed.length > 0) log(`${removed.length} old runs removed, the oldest ${removed.at(-1)}`);
	} catch (error) {
		log(`old runs are not removed: ${messageOf(error)}`);
	}
}

/** Whatever of this home still runs below us, such as the subject of a run that did not end in order. */
async function endOwn(home: Home): Promise<void> {
	const kept = new Set((await treeOf(...stayingUp(home))).map(({ pid }) => pid));
	const marked = await findMarked(home.id, ...foldersOf(home));
	const own = marked.filter(({ pid }) => !kept.has(pid));
	await Promise.all(own.map((identity) => killTree(identity, { graceMs: 0 })));
}

/** The daemon file of this home, or null where there is none. */
export function readDaemonFile(home: Home): DaemonFile | null {
	try {
		return JSON.parse(readFileSync(home.daemonFile, "utf8")) as DaemonFile;
	} catch {
		return null;
	}
}

/** The host by which this machine reaches what listens there, as a URL has it. */
function reachableHost(host: string): string {
	if (host === "0.0.0.0") return "127.0.0.1";
	if (host === "::") return "[::1]";
	return isIP(host) === 6 ? `[${host}]` : host;
}

/** The address that it listens at, where that is one: unlike a name nobody can make it lead elsewhere. */
function ownAddress(host: string): string[] {
	const isOne = isIP(host) !== 0 && !isLoopback(host) && !["0.0.0.0", "::"].includes(host);
	return isOne ? [reachableHost(host)] : [];
}

function portOf(address: ReturnType<import("node:net").Server["address"]>): number {
	if (typeof address !== "object" || address === null) {
		throw new FaultlineError(
			"FLT_INTERNAL",
			`listening on ${messageOf(address)}`,
			"this is a mistake of ours",
		);
	}
	return address.port;
}
