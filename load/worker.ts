import "../base/resolve-hook.ts";
import { flushCompileCache } from "node:module";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { millisecondsFrom } from "../base/clock.ts";
import { FaultlineError, messageOf } from "../base/errors.ts";
import { Clients } from "./clients.ts";
import { loadDriver } from "./driver.ts";
import { closedDues, type Dues, openDues } from "./dues.ts";
import { errorSampler } from "./error-text.ts";
import { issueOf } from "./issue.ts";
import { Journal } from "./journal.ts";
import { Loop, type Timers } from "./loop.ts";
import type { Issue } from "./operation.ts";
import { Orders } from "./orders.ts";
import { outcomeOf } from "./outcome.ts";
import { Recorder } from "./recorder.ts";
import { rehearse } from "./rehearsal.ts";
import { type Counts, type WorkerMessage, zeroCounts } from "./report.ts";
import { scheduleOf } from "./schedule.ts";
import { secretsOf } from "./secrets.ts";
import { shareOf } from "./share.ts";
import { type LoadModule, type LoadTask, seedOf, type TaskResult, type WarmTask } from "./task.ts";
import type { LoadSpec } from "./work.ts";

const delayResolutionMs = 10;

const timers: Timers = {
	after(ms, callback) {
		const timer = setTimeout(callback, ms);
		return () => clearTimeout(timer);
	},
	soon(callback) {
		setImmediate(callback);
	},
};

/** The task that Piscina runs: one worker's part of a load, from opening its clients to its last journal line. */
export default async function runTask(task: LoadTask): Promise<TaskResult> {
	try {
		return { ok: true, totals: await runLoad(task) };
	} catch (error) {
		const known = error instanceof FaultlineError ? error : null;
		return {
			ok: false,
			code: known?.code ?? "FLT_INTERNAL",
			message: messageOf(error),
			hint: known?.hint ?? `look at load "${task.load}" in ${task.moduleUrl}`,
		};
	} finally {
		task.port.close();
	}
}

/** Loads what this thread's tasks will need, and writes down what had to be compiled: the thread ends by a kill. */
export async function warmUp({ moduleUrl, drivers }: WarmTask): Promise<void> {
	await Promise.all([import(moduleUrl), ...drivers.map(loadDriver), rehearseOnce()]);
	flushCompileCache();
}

/** Code stays compiled for the thread's other tasks. */
let rehearsed: Promise<void> | null = null;
function rehearseOnce(): Promise<void> {
	rehearsed ??= rehearse(timers);
	return rehearsed;
}

async function runLoad(task: LoadTask): Promise<Counts> {
	const { load, worker, port } = task;
	const post = (message: WorkerMessage) => port.postMessage(message);
	const orders = new Orders(port);
	const spec = await specOf(task);
	const slots = shareOf("inFlightMax", spec.inFlightMax, worker, task.workers);
	const dues = await duesOf(spec, task, slots);
	const clients = await openClients(spec, task, orders);
	try {
		await rehearseOnce();
		const issue = clients && (await issueOf(spec.work, clients, task.names, seedOf(task.params)));
		if (issue !== null) post({ kind: "opened", load, worker });
		const zeroNs = await orders.begun;
		const totals =
			clients === null || issue === null || zeroNs === null
				? zeroCounts()
				: await runLoop({ task, spec, slots, dues, clients, issue, orders, zeroNs, post });
		post({ kind: "ended", load, worker, totals });
		return totals;
	} finally {
		await clients?.close();
	}
}

/** Null when an order ended the load meanwhile. */
async function openClients(
	spec: LoadSpec,
	{ endpoints, worker, workers, openLimitMs }: LoadTask,
	{ cancelled }: Orders,
): Promise<Clients | null> {
	const signal = AbortSignal.any([cancelled, AbortSignal.timeout(openLimitMs)]);
	try {
		return await Clients.open(spec.clients, endpoints, { worker, workers, signal });
	} catch (error) {
		if (cancelled.aborted) return null;
		throw error;
	}
}

async function specOf({ moduleUrl, params, load }: LoadTask): Promise<LoadSpec> {
	const module = (await import(moduleUrl)) as { default?: Partial<LoadModule> };
	const spec = module.default?.plan?.(params).loads[load];
	if (spec !== undefined) return spec;
	throw new FaultlineError(
		"FLT_SCENARIO_BROKEN",
		`${moduleUrl} plans no load "${load}"`,
		"its default export needs plan(params) → { loads }, the same loads for the same parameters",
	);
}

async function duesOf(
	{ arrival }: LoadSpec,
	{ worker, workers, params }: LoadTask,
	slots: number,
): Promise<Dues> {
	const schedule = await scheduleOf(arrival, seedOf(params));
	switch (schedule.shape) {
		case "open":
			return openDues(schedule.pacer, worker, workers);
		case "closed":
			return closedDues(
				slots,
				schedule.thinkMs,
				Math.ceil((schedule.operations - worker) / workers),
			);
		default:
			throw schedule satisfies never;
	}
}

interface Run {
	task: LoadTask;
	spec: LoadSpec;
	slots: number;
	dues: Dues;
	clients: Clients;
	issue: Issue;
	orders: Orders;
	zeroNs: bigint;
	post: (message: WorkerMessage) => void;
}

async function runLoop(run: Run): Promise<Counts> {
	const { task, spec, slots, dues, clients, issue, orders, zeroNs, post } = run;
	const { load, worker, workers, phases, intervalMs, journalFolder } = task;
	const drivers = clients.drivers;
	const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
	const cpuAtStart = process.threadCpuUsage();
	let cpuTakenUs = cpuAtStart.user + cpuAtStart.system;
	const recorder = new Recorder({
		load,
		worker,
		phases,
		intervalMs,
		gauges() {
			// It measures from one firing of its own timer to the next, so the timer's period is no delay.
			const loopDelayMaxMs = Math.max(0, delay.max / 1e6 - delayResolutionMs);
			delay.reset();
			const cpu = process.threadCpuUsage();
			const cpuMs = (cpu.user + cpu.system - cpuTakenUs) / 1000;
			cpuTakenUs = cpu.user + cpu.system;
			return { ...loop.takeGauges(), counters: clients.takeCounters(), loopDelayMaxMs, cpuMs };
		},
		sampleOf: errorSampler(spec.deadlineMs, secretsOf(task.endpoints, spec.work)),
		emit: (interval) => post({ kind: "interval", interval }),
	});
	const journal = journalFolder === null ? null : Journal.create(journalFolder, load, worker);
	const loop = new Loop({
		worker,
		workers,
		nowMs: millisecondsFrom(zeroNs),
		zeroMs: Number(zeroNs) / 1e6,
		timers,
		dues,
		slots,
		deadlineMs: spec.deadlineMs,
		issue,
		classify: (error) => outcomeOf(error, drivers),
		recorder,
		journal,
		heartbeat: (started) => post({ kind: "heartbeat", load, worker, started }),
	});
	delay.enable();
	try {
		const ended = loop.run();
		orders.steer(loop, zeroNs);
		return await ended;
	} finally {
		delay.disable();
		journal?.close();
		recorder.destroy();
	}
}
