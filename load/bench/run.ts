import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { LoadResult } from "../result.ts";
import { type Contest, hold, type Row, run } from "./contest.ts";
import { recordingCost } from "./recording.ts";

// `npm run bench`: the same work by Faultline and by each peer that is installed, in turn, several rounds; prints a
// table of ratios, and with `--write` keeps it in RESULTS.md. `-- http redis` runs parts alone; `--quick` runs one
// short round.

const root = fileURLToPath(new URL("../..", import.meta.url));
const cli = join(root, "daemon/cli/main.ts");
const flags = process.argv.slice(2);
const quick = flags.includes("--quick");
const wanted = flags.filter((flag) => !flag.startsWith("--"));
const rounds = quick ? 1 : 5;
const seconds = quick ? 3 : 10;

/** `faultline load`, as fast as it goes unless the arguments say otherwise. */
async function load(target: string, ...args: string[]): Promise<LoadResult> {
	const command = [process.execPath, "--no-warnings", cli, "load", target, "--json", "--quiet"];
	const length = args.includes("--duration") ? [] : ["--duration", `${seconds}s`];
	const { output } = await run([...command, ...length, ...args]);
	const line = output.trim().split("\n").at(-1) ?? "";
	return JSON.parse(line) as LoadResult;
}

const perCpuS = ({ ok_count, cpu_s }: LoadResult) => ok_count / cpu_s;

async function answeringServer(): Promise<{
	url: string;
	port: number;
	end: () => void;
	pid: number;
}> {
	const file = fileURLToPath(new URL("./answering.ts", import.meta.url));
	const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
	const [line] = (await once(createInterface(child.stdout), "line")) as [string];
	const { port } = JSON.parse(line) as { port: number };
	return {
		url: `http://127.0.0.1:${port}/`,
		port,
		end: () => child.kill("SIGKILL"),
		pid: child.pid!,
	};
}

async function http(): Promise<Row[]> {
	const server = await answeringServer();
	const { url } = server;
	const s = String(seconds);
	const peer = async (command: string[], count: RegExp, factor = 1) => {
		const { output, cpuS } = await run(command);
		const found = count.exec(output)?.[1];
		return found === undefined ? null : (Number(found.replaceAll(",", "")) * factor) / cpuS;
	};
	const folder = mkdtempSync(join(tmpdir(), "faultline-bench-"));
	const script = join(folder, "k6.js");
	writeFileSync(
		script,
		`import http from "k6/http"; export const options = { vus: 64, duration: "${s}s" }; export default () => { http.get("${url}"); };`,
	);
	const contest: Contest = {
		what: "HTTP requests per client CPU-second, 64 connections",
		unit: "/CPU-s",
		ours: {
			name: "faultline load",
			measure: async () => perCpuS(await load(url, "--closed", "--connections", "64")),
		},
		peers: [
			{
				...{ name: "wrk", program: "wrk", goal: 1 },
				measure: () => peer(["wrk", "-t1", "-c64", `-d${s}s`, url], /(\d+) requests in/),
			},
			{
				...{ name: "autocannon", program: "autocannon", goal: 1.8 },
				measure: () => peer(["autocannon", "-c", "64", "-d", s, "-j", url], /"2xx":(\d+)/),
			},
			{
				...{ name: "k6", program: "k6", goal: 6 },
				measure: () => peer(["k6", "run", "-q", script], /http_reqs[.: ]+(\d+)/),
			},
		],
	};
	try {
		return await hold(contest, rounds);
	} finally {
		server.end();
		rmSync(folder, { recursive: true, force: true });
	}
}

interface Stack {
	postgres: string;
	redis: string;
	kafka: string;
	end: () => void;
}

/** The services of a home of their own; ended with the benchmark. */
async function stack(): Promise<Stack> {
	const home = mkdtempSync(join(tmpdir(), "faultline-bench-"));
	spawnSync("chmod", ["755", home]);
	const command = (...args: string[]) =>
		spawnSync(process.execPath, ["--no-warnings", cli, "stack", ...args, "--home", home], {
			encoding: "utf8",
		});
	const { stdout, stderr } = command("up");
	const at = (name: string) =>
		new RegExp(`^${name}\\s+up\\s+\\S+\\s+\\S+\\s+(\\S+)`, "m").exec(stdout)?.[1] ?? "";
	if (at("redis") === "") throw new Error(`the stack did not come up:\n${stdout}${stderr}`);
	return {
		...{ postgres: at("postgres"), redis: at("redis"), kafka: at("kafka") },
		end() {
			command("down");
			rmSync(home, { recursive: true, force: true });
		},
	};
}

async function postgres({ postgres: url }: Stack): Promise<Row[]> {
	const at = new URL(url);
	const connect = ["-h", at.hostname, "-p", at.port, "-U", at.username || "postgres"];
	const database = at.pathname.slice(1) || "postgres";
	await run(["pgbench", "-i", "-q", ...connect, database]);
	const rows: Row[] = [];
	for (const [driver, goal] of [
		["postgres", 0.3],
		["postgres-wire", 0.7],
	] as const) {
		const contest: Contest = {
			what: `Postgres point selects per client CPU-second, 8 connections, prepared`,
			unit: "/CPU-s",
			ours: {
				name: driver,
				measure: async () =>
					perCpuS(
						await load(
							...([url, "--closed", "--connections", "8", "--driver", driver] as const),
							...["--query", "select abalance from pgbench_accounts where aid = $1"],
							...["--value", "{random(1,100000)}"],
						),
					),
			},
			peers: [
				{
					...{ name: "pgbench -S -M prepared", program: "pgbench", goal },
					async measure() {
						const options = ["-S", "-M", "prepared", "-c", "8", "-j", "1", "-T", String(seconds)];
						const { output, cpuS } = await run(["pgbench", ...options, ...connect, database]);
						const found = /transactions actually processed: (\d+)/.exec(output)?.[1];
						return found === undefined ? null : Number(found) / cpuS;
					},
				},
			],
		};
		rows.push(...(await hold(contest, rounds)));
	}
	return rows;
}

async function redis({ redis: url }: Stack): Promise<Row[]> {
	const port = new URL(url).port;
	const rows: Row[] = [];
	for (const [depth, goal] of [
		[1, 0.8],
		[16, 0.4],
	] as const) {
		const contest: Contest = {
			what: `Redis GET per second, 64 connections × ${depth} in flight`,
			unit: "/s",
			ours: {
				name: "redis-wire",
				measure: async () => {
					const inFlight = ["--connections", "64", "--in-flight", String(64 * depth)];
					return (await load(url, "--closed", ...inFlight, "--command", "GET key"))
						.achieved_per_sec;
				},
			},
			peers: [
				{
					...{ name: `redis-benchmark -P ${depth}`, program: "redis-benchmark", goal },
					async measure() {
						const count = String(60_000 * depth * seconds);
						const options = ["-c", "64", "-P", String(depth), "-n", count, "-q", "-t", "get"];
						const { output } = await run(["redis-benchmark", "-p", port, ...options]);
						const found = [...output.matchAll(/GET: ([\d.]+) requests per second/g)].at(-1)?.[1];
						return found === undefined ? null : Number(found);
					},
				},
			],
		};
		rows.push(...(await hold(contest, rounds)));
	}
	return rows;
}

/** The server stops for 6 of 10 s: what is reported, over what arithmetic says. */
async function freeze(): Promise<Row[]> {
	const seen: Record<string, (number | null)[]> = {};
	for (let round = 0; round < (quick ? 1 : 3); round++) {
		const server = await answeringServer();
		const result = load(server.url, "--rate", "500", "--connections", "64", "--duration", "10s");
		await new Promise((resolve) => setTimeout(resolve, 2500));
		process.kill(server.pid, "SIGSTOP");
		const stopMs = performance.now();
		await new Promise((resolve) => setTimeout(resolve, 6000));
		process.kill(server.pid, "SIGCONT");
		const frozenMs = performance.now() - stopMs;
		const { response_us: us, dropped_count } = await result;
		server.end();
		const should = {
			mean: frozenMs ** 2 / 20_000,
			p50: frozenMs - 5000,
			p90: frozenMs - 1000,
			p99: frozenMs - 100,
			max: frozenMs,
		};
		for (const [name, ms] of Object.entries(should)) {
			const value = us[name as keyof typeof should];
			seen[name] = [...(seen[name] ?? []), value === null ? null : value / 1000 / ms];
		}
		if (dropped_count > 0) throw new Error(`${dropped_count} operations were dropped`);
	}
	const goals: Record<string, string> = { mean: "5", p50: "12", p90: "3", p99: "3", max: "5" };
	return Object.entries(seen).map(([name, ratios]) => ({
		what: `freeze of 6 in 10 s, 500/s, 64 connections: ${name} (within ${goals[name]} %)`,
		...{ unit: "", ours: "faultline load", peer: "arithmetic", goal: 1 },
		...{ oursMedian: null, peerMedian: null },
		ratio: ratios.toSorted((a, b) => (a ?? 0) - (b ?? 0))[Math.floor(ratios.length / 2)] ?? null,
	}));
}

const parts: Record<string, (stack: () => Promise<Stack>) => Promise<Row[]>> = {
	recording: async () => [recordingCost()],
	freeze,
	http,
	postgres: async (up) => postgres(await up()),
	redis: async (up) => redis(await up()),
};

const running: Stack[] = [];
const rows: Row[] = [];
try {
	for (const [name, part] of Object.entries(parts)) {
		if (wanted.length > 0 && !wanted.includes(name)) continue;
		process.stderr.write(`${name} …\n`);
		rows.push(
			...(await part(async () => {
				if (running.length === 0) running.push(await stack());
				return running[0]!;
			})),
		);
	}
} finally {
	for (const up of running) up.end();
}
const text = tableOf(rows);
process.stdout.write(text);
if (flags.includes("--write")) {
	const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, ${process.platform}`;
	const intro = `# What \`npm run bench\` measured\n\nMachine: ${machine}. ${new Date().toISOString().slice(0, 10)}, ${rounds} rounds of ${seconds} s; ratios are medians over the rounds, each of ours against the peer's beside it.\n\n`;
	writeFileSync(fileURLToPath(new URL("./RESULTS.md", import.meta.url)), intro + text);
}

function tableOf(rows: Row[]): string {
	const number = (value: number | null) =>
		value === null ? "–" : Number(value.toPrecision(3)).toLocaleString("en");
	const lines = rows.map(({ what, unit, ours, peer, oursMedian, peerMedian, ratio, goal }) => {
		const verdict = ratio === null ? "not installed, or no figure" : number(ratio);
		return `| ${what} | ${ours} ${number(oursMedian)}${unit} | ${peer} ${number(peerMedian)}${unit} | ${verdict} | ${number(goal)} |`;
	});
	return `| what | ours | peer | ratio | goal |\n|---|---|---|---|---|\n${lines.join("\n")}\n`;
}
