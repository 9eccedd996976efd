import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { LoadResult } from "../result.ts";
import { type Row, run } from "./contest.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const cli = join(root, "daemon/cli/main.ts");

/** What the parts of the benchmark measure with. */
export interface Rig {
	quick: boolean;
	rounds: number;
	/** Length of a measurement. */
	seconds: number;
	/** `faultline load`; as long as a measurement unless the arguments say otherwise. */
	load(target: string, ...args: string[]): Promise<LoadResult>;
	/** The services of a home of their own, brought up when first asked for. */
	services(): Services;
}

export interface Services {
	postgres: string;
	redis: string;
	/** `kafka://host:port` */
	kafka: string;
}

/** A file in `parts/` default-exports one. */
export interface Part {
	/** Runs only where it is named: too long for every time. */
	onRequest?: true;
	run(rig: Rig): Promise<Row[]>;
}

export function openRig(quick: boolean): { rig: Rig; close: () => void } {
	const seconds = quick ? 3 : 10;
	let running: (Services & { end: () => void }) | null = null;
	return {
		rig: {
			quick,
			seconds,
			rounds: quick ? 1 : 5,
			async load(target, ...args) {
				const command = [process.execPath, "--no-warnings", cli, "load", target];
				const length = args.includes("--duration") ? [] : ["--duration", `${seconds}s`];
				const { output } = await run([...command, "--json", "--quiet", ...length, ...args]);
				return JSON.parse(output.trim().split("\n").at(-1) ?? "") as LoadResult;
			},
			services() {
				running ??= startServices();
				return running;
			},
		},
		close() {
			running?.end();
			running = null;
		},
	};
}

function startServices(): Services & { end: () => void } {
	const home = mkdtempSync(join(tmpdir(), "faultline-bench-"));
	spawnSync("chmod", ["755", home]); // Postgres runs as another user when we are root
	const command = (...args: string[]) =>
		spawnSync(process.execPath, ["--no-warnings", cli, "stack", ...args, "--home", home], {
			encoding: "utf8",
		});
	const { stdout, stderr } = command("up");
	const at = (name: string) =>
		new RegExp(`^${name}\\s+up\\s+\\S+\\s+\\S+\\s+(\\S+)`, "m").exec(stdout)?.[1] ?? "";
	if (at("redis") === "") throw new Error(`the stack did not come up:\n${stdout}${stderr}`);
	return {
		postgres: at("postgres"),
		redis: at("redis"),
		kafka: at("kafka"),
		end() {
			command("down");
			rmSync(home, { recursive: true, force: true });
		},
	};
}

export const perCpuS = ({ ok_count, cpu_s }: LoadResult) => ok_count / cpu_s;

/** A program of `programs/`, run to its end; the number that it prints as JSON. */
export async function figureOf(program: string, ...args: string[]): Promise<number | null> {
	const file = fileURLToPath(new URL(`./programs/${program}.ts`, import.meta.url));
	const { output } = await run([process.execPath, "--no-warnings", file, ...args]);
	const line = output.trim().split("\n").at(-1) ?? "";
	return line === "" ? null : Number(line);
}

export interface AnsweringServer {
	url: string;
	pid: number;
	end: () => void;
}

/** A server that answers every request at once, in a process of its own. */
export async function answeringServer(): Promise<AnsweringServer> {
	const file = fileURLToPath(new URL("./programs/answering.ts", import.meta.url));
	const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
	const [line] = (await once(createInterface(child.stdout), "line")) as [string];
	const { port } = JSON.parse(line) as { port: number };
	return { url: `http://127.0.0.1:${port}/`, pid: child.pid!, end: () => child.kill("SIGKILL") };
}
