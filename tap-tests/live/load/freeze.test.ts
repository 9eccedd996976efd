import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { pause } from "../../../base/clock.ts";
import type { LoadResult } from "../../../load/result.ts";
import { untapped } from "../../untapped.ts";

const ratePerSec = 500;

interface Server {
	url: string;
	process: ChildProcess;
	/** Resolves when the first request has come. */
	asked: Promise<unknown>;
	/** Ends it: how many ms after its first request it gave each answer. */
	answeredMs(): Promise<number[]>;
}

async function startServer(t: Test): Promise<Server> {
	const file = fileURLToPath(new URL("../../../load/bench/programs/answering.ts", import.meta.url));
	const child = spawn(...untapped(process.execPath, file, "--times"), {
		stdio: ["ignore", "pipe", "inherit"],
	});
	t.teardown(() => child.kill("SIGKILL"));
	const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
	const { port } = JSON.parse(String((await lines.next()).value)) as { port: number };
	const asked = lines.next();
	return {
		url: `http://127.0.0.1:${port}/`,
		process: child,
		asked,
		async answeredMs() {
			await asked;
			child.kill("SIGTERM");
			return JSON.parse(String((await lines.next()).value)) as number[];
		},
	};
}

interface Measured {
	result: LoadResult;
	stoppedMs: number[];
	/** What each user waited for the server's answer, by the server's own clock: shortest first. */
	waitedMs: number[];
}

/** `faultline load` with 64 connections; the server is stopped for each of these stretches after the first request. */
async function loadWithStops(
	t: Test,
	durationS: number,
	stops: { atMs: number; forMs: number }[],
): Promise<Measured> {
	const server = await startServer(t);
	const args = ["load", server.url, "--rate", `${ratePerSec}`, "--duration", `${durationS}s`];
	const child = spawn(
		...untapped(
			process.execPath,
			...["--no-warnings", "daemon/cli/main.ts", ...args],
			...["--connections", "64", "--json", "--quiet"],
		),
		{ stdio: ["ignore", "pipe", "inherit"] },
	);
	t.teardown(() => child.kill("SIGKILL"));
	let output = "";
	child.stdout!.on("data", (bytes: Buffer) => {
		output += bytes;
	});
	const ended = new Promise((resolve) => child.once("close", resolve));
	await server.asked;
	const startMs = performance.now();
	const stoppedMs: number[] = [];
	for (const { atMs, forMs } of stops) {
		await pause(startMs + atMs - performance.now());
		server.process.kill("SIGSTOP");
		const stopMs = performance.now();
		await pause(forMs);
		server.process.kill("SIGCONT");
		stoppedMs.push(performance.now() - stopMs);
	}
	await ended;
	// The n-th answer is that of the n-th that was due; the first may have come late, the shortest did not wait.
	const sinceDueMs = (await server.answeredMs())
		.map((ms, n) => ms - (n * 1000) / ratePerSec)
		.sort((a, b) => a - b);
	const waitedMs = sinceDueMs.map((ms) => ms - sinceDueMs[0]!);
	return { result: JSON.parse(output) as LoadResult, stoppedMs, waitedMs };
}

/**
 * The same on a machine that left both alone, at the third try at the latest; null where it never does: then nothing is
 * told here of how precise the times are, which `npm run bench -- freeze` holds on a quiet one.
 */
async function quietly(
	t: Test,
	durationS: number,
	stops: { atMs: number; forMs: number }[],
): Promise<Measured | null> {
	for (let tries = 1; tries <= 3; tries++) {
		const measured = await loadWithStops(t, durationS, stops);
		const { timings, ...counts } = measured.result;
		const due = durationS * ratePerSec;
		t.match(counts, { due_count: due, started_count: due, ok_count: due, dropped_count: 0 });
		const overslept = measured.stoppedMs.some((ms, i) => ms - stops[i]!.forMs > oversleepMs);
		if (timings.state === "clean" && !overslept) return measured;
		t.comment(
			`try ${tries}: ${timings.why.join("; ")}; stopped for ${measured.stoppedMs.join(", ")} ms`,
		);
	}
	t.comment("not told here: the machine never got quiet");
	return null;
}
/** A test that wakes up so much too late has not had the processor either. */
const oversleepMs = 25;

/** The mean and the quantiles of these, in ms. */
function figures(sortedMs: readonly number[]) {
	const at = (quantile: number) => sortedMs[Math.ceil(sortedMs.length * quantile) - 1]!;
	const mean = sortedMs.reduce((sum, ms) => sum + ms, 0) / sortedMs.length;
	return { mean, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

/**
 * What is reported is what the server itself has seen its users wait, which holds how long the machine took to serve
 * what piled up; and that is no less than the stops alone make it.
 */
function asServed(t: Test, measured: Measured, byStops: Partial<ReturnType<typeof figures>>): void {
	const served = figures(measured.waitedMs);
	for (const [name, stopsMs] of Object.entries(byStops) as [keyof typeof served, number][]) {
		const ms = (measured.result.response_us[name] ?? Number.NaN) / 1000;
		const said = `${name}: ${ms} ms, as the server saw it ${served[name]} ms`;
		t.ok(Math.abs(ms / served[name] - 1) <= 0.03, said);
		t.ok(ms >= stopsMs * 0.97, `${name}: ${ms} ms, by the stops alone ${stopsMs} ms`);
	}
}

t.test("a server frozen for 6 of 10 s shows as long as it was, for every operation", async (t) => {
	const measured = await quietly(t, 10, [{ atMs: 2000, forMs: 6000 }]);
	if (measured === null) return;
	const { result, stoppedMs } = measured;
	const [frozen] = stoppedMs as [number];
	// An operation due x ms into the freeze waits for what is left of it: the part of all that waits longer than y is
	// (frozen − y) ÷ 10 s.
	asServed(t, measured, {
		mean: frozen ** 2 / 2 / 10_000,
		p50: frozen - 5000,
		p90: frozen - 1000,
		p99: frozen - 100,
		max: frozen,
	});
	t.ok(result.response_us.max! / 1000 <= frozen * 1.05, "and nobody waited longer than it stood");
	t.match(result, {
		verdict: "passed",
		due_count: 5000,
		started_count: 5000,
		ok_count: 5000,
		fail_count: 0,
		unknown_count: 0,
		dropped_count: 0,
		censored: [],
	});
	t.ok(result.service_us.p90! < 100_000, "what the server took is not what its users waited");
});

t.test("two stops of a second make no more of it than two seconds", async (t) => {
	const stops = [
		{ atMs: 500, forMs: 1000 },
		{ atMs: 3000, forMs: 1000 },
	];
	const measured = await quietly(t, 5, stops);
	if (measured === null) return;
	const { result, stoppedMs } = measured;
	const [first, second] = stoppedMs as [number, number];
	asServed(t, measured, {
		mean: (first ** 2 + second ** 2) / 2 / 5000,
		p90: (first + second) / 2 - 250,
		p99: (first + second) / 2 - 25,
	});
	const { p50 } = result.response_us;
	t.ok(p50! < 50_000, `half of them met no stop: p50 ${p50} µs`);
	t.match(result, { ok_count: 2500, dropped_count: 0 });
});
