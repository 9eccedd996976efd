import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { pause } from "../../base/clock.ts";
import type { Endpoint } from "../../base/endpoint.ts";
import { withoutSettings } from "../../base/env.ts";
import { codeOf, messageOf } from "../../base/errors.ts";
import { commandOf, listenersOn } from "../../base/listeners.ts";
import { setPriorityOf } from "../../base/priority.ts";
import { identify, isAlive, killTree, type ProcessIdentity, treeOf } from "../../base/process.ts";
import type { Home } from "../home/home.ts";
import { missing } from "../tools/component.ts";
import { lastLines } from "../tools/program.ts";
import { fingerprintOf, readRecord, writeRecord } from "./record.ts";
import type { Launch, ProcessId, Service } from "./service.ts";

const probeLimitMs = 2_000;
const betweenProbesMs = 25;
const logLimitBytes = 16 * 1024 * 1024;

/** A service's process, started by us or found running. */
export interface Running {
	how: "native" | "adopted";
	root: ProcessIdentity;
	version: string;
}

/** Everything needed to start a service, and to start it again on its ports. */
export interface NativePlan {
	id: ProcessId;
	service: Service;
	home: Home;
	launch: Launch;
	ports: Record<string, number>;
	endpoint: Endpoint;
	/** Where the service's protocol does not tell its version. */
	version: string;
	env: Readonly<Record<string, string | undefined>>;
	signal: AbortSignal;
}

/** The environment of everything that belongs to a home: marked with its id, free of our own settings and secrets. */
export function markedEnv(home: Home): Record<string, string | undefined> {
	return { ...withoutSettings(process.env), LC_ALL: "C", FAULTLINE_INSTANCE: home.id };
}

/** The service as an earlier daemon left it running, if it is healthy and of the same configuration; else null. */
export async function adopt(plan: NativePlan): Promise<Running | null> {
	const { home, id, service, launch, endpoint } = plan;
	const record = readRecord(home, id);
	if (record.process === null || !isAlive(record.process)) return null;
	if (record.fingerprint !== fingerprintOf(launch)) return null;
	try {
		const version = (await service.probe(endpoint, probeLimitMs, "our")) ?? plan.version;
		// Something else may answer on the port of a process that has just ended.
		return isAlive(record.process) ? { how: "adopted", root: record.process, version } : null;
	} catch {
		return null;
	}
}

/**
 * Starts the service in a session of its own and waits for a real round trip. Its identity is on the disk right
 * after the start. A service that does not get ready is ended again.
 */
export async function start(plan: NativePlan): Promise<Running> {
	const { home, id, launch, ports } = plan;
	for (const file of launch.staleFiles) rmSync(file, { force: true });
	await launch.beforeStart?.();
	const child = spawnDetached(plan);
	const root = child.pid === undefined ? null : identify(child.pid);
	if (root !== null) {
		setPriorityOf(root.pid, "target", false);
		const fingerprint = fingerprintOf(launch);
		const { staysUp } = readRecord(home, id);
		writeRecord(home, id, { ports, process: root, fingerprint, version: plan.version, staysUp });
	}
	try {
		if (root === null) throw new Error(`${launch.file} ended at once`);
		const version = await ready(plan, root, child);
		return { how: "native", root, version };
	} catch (error) {
		if (root !== null) await killTree(root, { graceMs: 0 });
		const log = lastLines(tailOf(logOf(home, id)), 3);
		throw missing(
			`started ${launch.file}: ${messageOf(error)}; its log ends: ${log}`,
			`look into ${logOf(home, id)}`,
			codeOf(error) === "FLT_COMPONENT_MISSING" ? error : undefined,
		);
	}
}

function spawnDetached({ home, id, launch, env }: NativePlan): ChildProcess {
	const log = logOf(home, id);
	mkdirSync(home.data(id), { recursive: true });
	const output = openSync(log, sizeOf(log) > logLimitBytes ? "w" : "a");
	try {
		const child = spawn(launch.file, launch.args, {
			cwd: launch.folder,
			env: { ...env, ...launch.variables },
			stdio: ["ignore", output, output],
			detached: true,
			...(launch.user ?? {}),
		});
		child.on("error", () => {}); // told by the missing pid
		child.unref();
		return child;
	} finally {
		closeSync(output);
	}
}

/** Waits until the service answers; gives up when its process has ended, at the limit, or when we are told to stop. */
async function ready(
	plan: NativePlan,
	root: ProcessIdentity,
	child: ChildProcess,
): Promise<string> {
	const { service, endpoint, signal } = plan;
	const giveUpAt = performance.now() + service.readyLimitMs;
	for (;;) {
		try {
			const version = await service.probe(endpoint, probeLimitMs, "our");
			await checkItAnswers(plan, root);
			return version ?? plan.version;
		} catch (error) {
			signal.throwIfAborted();
			if (!isAlive(root))
				throw new Error(`it ended before it was ready, with ${await endOf(child)}`);
			if (performance.now() > giveUpAt)
				throw new Error(`not ready within ${service.readyLimitMs} ms: ${messageOf(error)}`);
		}
		await pause(betweenProbesMs, signal);
	}
}

/**
 * That what answered is the service, and not another one that has its port, such as an orphan of an earlier daemon: then
 * ours is about to end. Whom we may not see is believed.
 */
async function checkItAnswers({ service, ports }: NativePlan, root: ProcessIdentity) {
	const port = ports[service.ports[0]!]!;
	const listening = await listenersOn(port);
	if (listening.length === 0) return;
	const ours = new Set((await treeOf(root)).map(({ pid }) => pid));
	if (listening.some(({ pid }) => ours.has(pid))) return;
	const { pid } = listening[0]!;
	throw new Error(`process ${pid} has its port ${port}: ${commandOf(pid)}`);
}

/** Its signal or its code. Node hears of an end a little after the process is gone. */
async function endOf(child: ChildProcess): Promise<string> {
	if (child.exitCode === null && child.signalCode === null)
		await once(child, "exit", { signal: AbortSignal.timeout(probeLimitMs) }).catch(() => {});
	return child.signalCode ?? `code ${child.exitCode}`;
}

/** Ends the service, in its own way first, and keeps its ports for the next start. */
export async function stop(
	{ home, id, service }: NativePlan,
	root: ProcessIdentity,
): Promise<void> {
	await killTree(root, service.stop);
	writeRecord(home, id, { ...readRecord(home, id), process: null, staysUp: false });
}

function logOf(home: Home, id: string): string {
	return join(home.data(id), `${id}.log`);
}

function sizeOf(file: string): number {
	return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function tailOf(file: string): string {
	try {
		return readFileSync(file, "utf8").slice(-4_000);
	} catch {
		return "";
	}
}
