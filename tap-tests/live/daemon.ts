import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { identify, killTree } from "../../base/process.ts";
import { ApiClient } from "../../daemon/client/client.ts";
import { foldersOf, type Home, openHome } from "../../daemon/home/home.ts";
import { ownerToken } from "../../daemon/home/owner-token.ts";
import type { Reason } from "../../daemon/record/document.ts";
import type { RunEvent } from "../../daemon/record/events.ts";
import { leftovers } from "../../daemon/stack/leftovers.ts";
import { untapped } from "../untapped.ts";

export interface LiveDaemon {
	home: Home;
	client: ApiClient;
	process: ChildProcess;
	pid: number;
	/** What it has printed so far. */
	output(): string;
	/** Resolves with exit code or signal once it is gone. */
	exited: Promise<number | string>;
}

/** Parameters of a run that is looked at as it is: one that tried it again would be in the way of what comes next. */
export const triedOnce = { retries: 0 } as const;

/** Whether a reason is more than that the machine was late, which is no mistake of what a test is about. */
export function isMistake({ code }: Reason): boolean {
	return code !== "generator_late" && code !== "host_busy";
}

/** A home in a temporary folder; at the end of the test its processes are ended and its folders removed. */
export function temporaryHome(t: Test): Home {
	// Not every program opens a folder whose name is not ASCII.
	const folder = mkdtempSync(join(tmpdir(), "faultline-lïve-"));
	chmodSync(folder, 0o755); // Postgres runs as another user when we are root
	const home = openHome(folder);
	t.teardown(async () => {
		for (const process of await leftovers(home, [])) await killTree(process, { graceMs: 0 });
		for (const path of foldersOf(home)) rmSync(path, { recursive: true, force: true });
	});
	return home;
}

/** The real daemon with the real stack, as `npm start` runs it without a terminal. Ended with the test. */
export async function liveDaemon(
	t: Test,
	{
		home = temporaryHome(t),
		flags = [] as string[],
		command = [process.execPath, "daemon/main.ts"] as string[],
		/** The folder of start, where `faultline.config.ts` is looked for. */
		cwd = process.cwd(),
	} = {},
): Promise<LiveDaemon> {
	const child = spawn(
		...untapped(command[0]!, ...command.slice(1), "--home", home.folder, "--port", "0", ...flags),
		{
			stdio: ["ignore", "pipe", "pipe"],
			cwd,
			// A group of its own, as a terminal gives it, so that a test can signal the group.
			detached: true,
		},
	);
	let output = "";
	child.stdout.on("data", (bytes: Buffer) => (output += bytes));
	child.stderr.on("data", (bytes: Buffer) => (output += bytes));
	const exited = once(child, "exit").then(([code, signal]) => (signal ?? code) as number | string);
	t.teardown(async () => {
		if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
		await exited;
	});
	const url = await Promise.race([
		until(() => /^ready (http\S+)$/m.exec(output)?.[1]),
		exited.then((how) => {
			throw new Error(`the daemon ended with ${how} before it was ready:\n${output}`);
		}),
	]);
	const client = new ApiClient(url, ownerToken(home));
	const { pid } = JSON.parse(readFileSync(home.daemonFile, "utf8")) as { pid: number };
	return { home, client, process: child, pid, output: () => output, exited };
}

/** Ends a process the hard way, and waits until it is gone. */
export async function killHard(daemon: LiveDaemon): Promise<void> {
	const identity = identify(daemon.pid);
	process.kill(daemon.pid, "SIGKILL");
	await daemon.exited;
	await until(() => identity === null || identify(daemon.pid)?.startTime !== identity.startTime);
}

/** Waits until the condition gives something; looks again every 20 ms. The test's own timeout is the limit. */
export async function until<T>(condition: () => T | Promise<T>): Promise<NonNullable<T>> {
	for (;;) {
		const value = await condition();
		if (value !== undefined && value !== null && value !== false) return value as NonNullable<T>;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

/** The first event of a run that satisfies the condition. */
export async function eventOf(
	client: ApiClient,
	runId: string,
	condition: (event: RunEvent) => boolean,
): Promise<RunEvent> {
	const stop = new AbortController();
	try {
		for await (const event of client.events(runId, stop.signal)) if (condition(event)) return event;
	} finally {
		stop.abort();
	}
	throw new Error(`run ${runId} ended without the event that was waited for`);
}
