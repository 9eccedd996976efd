import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readNdjson } from "../../base/ndjson.ts";
import { ApiClient } from "../../daemon/client/client.ts";
import { foldersOf, openHome } from "../../daemon/home/home.ts";
import { ownerToken } from "../../daemon/home/owner-token.ts";
import { machineText } from "../../load/bench/machine.ts";
import { make, type Noise, noises } from "./noise.ts";
import { type Line, originsOf, tableOf } from "./table.ts";

// `npm run test:verdicts`: how often a verdict is right, by scenario and by what else the machine does. It takes hours,
// and goes on where it was ended: each run is a line of load/bench/VERDICTS.ndjson. `-- --noise idle --rounds 3` does a
// part of it, `--only retry` some scenarios, `--fresh` begins anew; `--first` is the first run after each of ten starts
// with a fresh home. `--write` keeps the table in load/bench/VERDICTS.md.

const { values } = parseArgs({
	options: {
		noise: { type: "string", default: noises.join(",") },
		rounds: { type: "string", default: "26,9,9,9,9" },
		seed: { type: "string", default: "7001" },
		only: { type: "string", default: "" },
		fresh: { type: "boolean", default: false },
		first: { type: "boolean", default: false },
		write: { type: "boolean", default: false },
	},
});
const root = fileURLToPath(new URL("../..", import.meta.url));
const file = join(root, "load/bench/VERDICTS.ndjson");
if (values.fresh) rmSync(file, { force: true });
const commit = spawnSync("git", ["-C", root, "rev-parse", "--short", "HEAD"])
	.stdout.toString()
	.trim();
const machine = machineText();
const known: Line[] = existsSync(file) ? readNdjson(file) : [];

// Whatever ends it, nothing is left: what is done by then is kept.
let stopped = false;
for (const signal of ["SIGINT", "SIGTERM"] as const)
	process.once(signal, () => {
		stopped = true;
	});

interface Asked {
	scenario: string;
	guard: "on" | "off";
	seed: number;
}

interface Daemon {
	client: ApiClient;
	end(): Promise<void>;
}

/** A daemon of its own with a fresh home. */
async function daemon(): Promise<Daemon> {
	const home = openHome(mkdtempSync(join(tmpdir(), "faultline-verdicts-")));
	const flags = ["--home", home.folder, "--port", "0", "--services", "postgres,kafka"];
	const child = spawn(process.execPath, ["daemon/main.ts", ...flags], {
		cwd: root,
		stdio: ["ignore", "pipe", "inherit"],
		detached: true,
	});
	const exited = once(child, "exit");
	let output = "";
	const url = await new Promise<string>((resolve, reject) => {
		child.stdout.on("data", (bytes: Buffer) => {
			output += bytes;
			const ready = /^ready (http\S+)$/m.exec(output)?.[1];
			if (ready !== undefined) resolve(ready);
		});
		child.once("exit", () => reject(new Error(`the daemon ended before it was ready:\n${output}`)));
	});
	return {
		client: new ApiClient(url, ownerToken(home)),
		async end() {
			child.kill("SIGTERM");
			await exited;
			for (const folder of foldersOf(home)) rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function lineOf(client: ApiClient, noise: Noise, asked: Asked): Promise<Line> {
	const { scenario, guard, seed } = asked;
	const params = { size: "small", retries: "1", guard, seed: `${seed}` };
	const run = await client.finished((await client.start(scenario, params)).runId);
	return {
		noise,
		scenario,
		guard,
		seed,
		commit,
		machine,
		expect: run.expect,
		before: run.tries.before.map(({ why }) => why),
		verdict: run.verdict,
		codes: [...new Set(run.reasons.map(({ code }) => code))],
		tookMs: Date.parse(run.endedAt ?? run.queuedAt) - Date.parse(run.queuedAt),
	};
}

function keep(line: Line): void {
	known.push(line);
	appendFileSync(file, `${JSON.stringify(line)}\n`);
	const { noise, scenario, guard, seed, verdict, expect, before, codes } = line;
	const words = [noise, scenario, `guard=${guard}`, `seed=${seed}`, verdict];
	const odd = verdict === expect && before.length === 0 ? [] : [...before, codes.join(", ")];
	process.stdout.write(`${[...words, ...odd.map((why) => `(${why})`)].join("  ")}\n`);
}

/** All scenarios with a seed, and the twins of those that have one. */
async function askedOf({ client }: Daemon, seed: number): Promise<Asked[]> {
	const { scenarios } = await client.get<{ scenarios: { name: string; guarded: boolean }[] }>(
		"/scenarios",
	);
	return scenarios
		.filter(({ name }) => name.includes(values.only))
		.flatMap(({ name, guarded }): Asked[] => [
			{ scenario: name, guard: "on", seed },
			...(guarded ? [{ scenario: name, guard: "off" as const, seed }] : []),
		]);
}

async function rounds(noise: Noise, count: number): Promise<void> {
	const one = await daemon();
	const stop = make(noise);
	try {
		for (let round = 0; round < count; round++)
			for (const asked of await askedOf(one, Number(values.seed) + round)) {
				const { scenario, guard, seed } = asked;
				const isDone = known.some(
					(line) =>
						line.noise === noise &&
						line.scenario === scenario &&
						line.guard === guard &&
						line.seed === seed,
				);
				if (!isDone && !stopped) keep(await lineOf(one.client, noise, asked));
			}
	} finally {
		stop();
		await one.end();
	}
}

async function firstRuns(): Promise<void> {
	const good: string[] = [];
	for (let start = 0; start < 10 && !stopped; start++) {
		const one = await daemon();
		try {
			const scenario = start % 2 === 0 ? "retry-storm" : "kafka-partitioning";
			const line = await lineOf(one.client, "idle", { scenario, guard: "on", seed: start + 1 });
			process.stdout.write(`first run: ${scenario}  ${line.verdict}  ${line.before.join()}\n`);
			if (line.verdict === "passed") good.push(line.before.length === 0 ? "first" : "again");
		} finally {
			await one.end();
		}
	}
	const atOnce = good.filter((how) => how === "first").length;
	process.stdout.write(
		`first runs after a start: ${good.length} of 10 passed, ${atOnce} at the first try\n`,
	);
}

if (values.first) await firstRuns();
else {
	const counts = values.rounds.split(",").map(Number);
	for (const [i, noise] of values.noise.split(",").entries())
		await rounds(noise as Noise, counts[i] ?? counts.at(-1)!);
}
const table = tableOf(known, noises);
process.stdout.write(`\n${table}`);
const wrong = known.filter(
	({ verdict, expect }) => verdict !== expect && verdict !== "invalid" && verdict !== null,
);
if (values.write) {
	const day = new Date().toISOString().slice(0, 10);
	writeFileSync(
		join(root, "load/bench/VERDICTS.md"),
		`# How often a verdict is right\n\nMade by \`npm run test:verdicts -- --write\`. ${day}, ${process.getuid?.() === 0 ? "with" : "without"} the right to raise priorities; machines with the commits that said it: ${originsOf(known)}. \`size=small\`, \`retries=1\`, seeds from ${values.seed} on, that nobody tuned to; a naive twin is right where it failed. Intervals are Wilson's, 95 %.\n\n${table}`,
	);
}
process.exitCode = wrong.length === 0 ? 0 : 1;
