import { type ChildProcess, spawn } from "node:child_process";
import {
	closeSync,
	existsSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	rmSync,
} from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { entryUrl } from "../../base/entry.ts";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import { setPriorityOf } from "../../base/priority.ts";
import { identify, isAlive, killTree, type ProcessIdentity } from "../../base/process.ts";
import type { RunNames } from "../../base/run-names.ts";
import {
	type Controls,
	clockSeen,
	controlsVariable,
	paceSeen,
	removeControl,
} from "../../chaos/subject/controls.ts";
import type { SubjectSpec } from "../../scenarios/contract/plan.ts";
import { freePort, PortClaims } from "../stack/ports.ts";

/** Within a run's folder: where faults reach its subjects through. */
export const controlsFolder = ".controls";

const readyLimitMs = 15_000;
const stopGraceMs = 1_000;

/** Faults that act from within a Node subject act through this. */
const agent = ["--import", entryUrl("../../chaos/subject/agent.ts", import.meta.url).href];

/** What runs a subject's file, by its extension. */
const runners: Record<string, string[]> = {
	".ts": [process.execPath, "--no-warnings", ...agent],
	".js": [process.execPath, ...agent],
	".py": ["python3"],
	".jar": ["java", "-jar"],
};

/** Whether Node runs a subject of this file. */
export function runsInNode(file: string): boolean {
	return runners[extname(file)]?.[0] === process.execPath;
}

export interface SubjectHome {
	runId: string;
	scenarioFile: string;
	names: RunNames;
	/** Parent of the subjects' working directories; removed with the run. */
	workFolder: string;
	/** Where `<name>.log` goes; kept with the record. */
	logFolder: string;
	/** Carries the instance mark, so that a subject that outlives a dead daemon is found. */
	env: Readonly<Record<string, string | undefined>>;
	/** It ended although nobody ends it: with what, and the last that it said on its standard error. */
	onExit(name: string, exit: SubjectExit): void;
}

/** How a subject ended by itself. */
export interface SubjectExit {
	code: number | null;
	signal: string | null;
	/** Of its log; null where it said nothing. */
	lastLine: string | null;
}

/** A scenario's own process: detached, marked, ready when it says `FLT_READY {"port":…}` on its standard output. */
export class Subject {
	readonly name: string;
	readonly folder: string;
	/** They outlive the process: one that is started again is under what is in force. */
	readonly controls: Controls;
	#spec: SubjectSpec;
	readonly #home: SubjectHome;
	#paths: Record<string, string>;
	#identity: ProcessIdentity | null = null;
	#port: number | null = null;
	/** Of the process that it is: the end of an earlier one may be told after the start of this. */
	#life = { endIsExpected: false };
	#started: Promise<void> = Promise.resolve();

	constructor(name: string, spec: SubjectSpec, home: SubjectHome, paths: Record<string, string>) {
		this.name = name;
		this.folder = join(home.workFolder, name);
		// Not in its own folder, which it may empty.
		this.controls = {
			folder: join(home.workFolder, controlsFolder, name),
			node: runsInNode(spec.file),
		};
		this.#spec = spec;
		this.#home = home;
		this.#paths = paths;
	}

	get identity(): ProcessIdentity | null {
		return this.#identity;
	}

	get port(): number {
		if (this.#port === null) throw new Error(`subject "${this.name}" is not ready yet`);
		return this.#port;
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	get running(): boolean {
		return this.#identity !== null && isAlive(this.#identity);
	}

	/** The last start, which may still be under way. */
	get started(): Promise<void> {
		return this.#started;
	}

	/** Spawns it on a port that it is told by `FLT_PORT`, the same at every start, and waits until it says that it is ready. */
	start(): Promise<void> {
		this.#started = this.#start();
		return this.#started;
	}

	async #start(): Promise<void> {
		const [command, args] = this.#commandLine();
		mkdirSync(this.folder, { recursive: true });
		mkdirSync(this.controls.folder, { recursive: true });
		// What another process saw.
		for (const seen of [clockSeen, paceSeen]) removeControl(this.controls.folder, seen);
		mkdirSync(this.#home.logFolder, { recursive: true });
		const claims = new PortClaims();
		try {
			// Not one of the range of outgoing connections, any of which could hold it when it is started again.
			await this.#spawn(command, args, this.#port ?? (await freePort(claims)));
		} finally {
			claims.releaseAll();
		}
	}

	async #spawn(command: string, args: readonly string[], port: number): Promise<void> {
		const log = openSync(this.#logFile, "a");
		const life = { endIsExpected: false };
		this.#life = life;
		let child: ChildProcess;
		try {
			child = spawn(command, args, {
				cwd: this.folder,
				env: {
					...this.#home.env,
					FLT_PORT: String(port),
					...this.#variables(),
					[controlsVariable]: this.controls.folder,
				},
				detached: true,
				stdio: ["ignore", "pipe", log],
			});
		} finally {
			closeSync(log);
		}
		if (child.pid !== undefined) setPriorityOf(child.pid, "target", true);
		this.#port = await readyPort(this.name, child);
		// Before that its end is the failure of its start.
		onceEnded(child, (code, signal) => {
			if (life.endIsExpected) return;
			this.#home.onExit(this.name, { code, signal, lastLine: lastLineOf(this.#logFile) });
		});
		this.#identity = child.pid === undefined ? null : identify(child.pid);
	}

	/** Whether it runs, and can be told of a case in which it is this. */
	isKeptFor({ keep, file, args }: SubjectSpec): boolean {
		const same = isDeepStrictEqual([file, args], [this.#spec.file, this.#spec.args]);
		return keep === true && same && this.running;
	}

	/** The next case, for one that is kept; resolves when it is ready for it. */
	goOn(spec: SubjectSpec, paths: Record<string, string>): Promise<void> {
		this.#spec = spec;
		this.#paths = paths;
		this.#started = this.#goOn();
		return this.#started;
	}

	async #goOn(): Promise<void> {
		this.#life.endIsExpected = false;
		for (const name of readdirSync(this.folder))
			rmSync(join(this.folder, name), { recursive: true, force: true });
		const failed = (what: string) =>
			new FaultlineError(
				"FLT_PLAN_INVALID",
				`subject "${this.name}", which is kept over the cases, ${what}`,
				`it must answer POST /case with 200 when it is ready; see subjects/${this.name}.log in the run's folder`,
			);
		const response = await fetch(`${this.url}/case`, {
			method: "POST",
			body: JSON.stringify(this.#variables()),
			signal: AbortSignal.timeout(readyLimitMs),
		}).catch((error: unknown) => {
			throw failed(`was not ready for the next: ${messageOf(error)}`);
		});
		const said = await response.text();
		if (!response.ok) throw failed(`answered ${response.status}: ${said.slice(0, 200)}`);
	}

	/** From now on its end is not news: a fault kills it, or the run stops it. */
	expectEnd(): void {
		this.#life.endIsExpected = true;
	}

	/** Ends the whole tree; right when it is gone already. */
	async stop(): Promise<void> {
		this.expectEnd();
		if (this.#identity !== null) await killTree(this.#identity, { graceMs: stopGraceMs });
	}

	/** Ends it, and takes away what it wrote in its folder. */
	async remove(): Promise<void> {
		await this.stop();
		rmSync(this.folder, { recursive: true, force: true });
	}

	get #logFile(): string {
		return join(this.#home.logFolder, `${this.name}.log`);
	}

	#commandLine(): [string, string[]] {
		const wanted = resolve(dirname(this.#home.scenarioFile), this.#spec.file);
		const file = existsSync(wanted) ? wanted : wanted.replace(/\.ts$/, ".js");
		const runner = runners[extname(file)];
		if (!existsSync(file) || runner === undefined) {
			throw new FaultlineError(
				"FLT_PLAN_INVALID",
				`subject "${this.name}": ${existsSync(file) ? "nothing runs" : "no such file"} ${file}`,
				`name a file beside the scenario, with one of ${Object.keys(runners).join(", ")}`,
			);
		}
		return [runner[0]!, [...runner.slice(1), file, ...(this.#spec.args ?? [])]];
	}

	/** What the plan and the run tell it. */
	#variables(): Record<string, string> {
		const { runId, names } = this.#home;
		const paths = Object.entries(this.#paths).map(([path, url]) => [
			`FLT_PATH_${path.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`,
			url,
		]);
		return {
			...Object.fromEntries(paths),
			...this.#spec.env,
			FLT_RUN: runId,
			FLT_DATABASE: names.database,
			FLT_TOPIC_PREFIX: names.topicPrefix,
			FLT_KEY_PREFIX: names.keyPrefix,
		};
	}
}

/** Also where it has ended already. */
function onceEnded(
	child: ChildProcess,
	tell: (code: number | null, signal: string | null) => void,
): void {
	if (child.exitCode !== null || child.signalCode !== null) tell(child.exitCode, child.signalCode);
	else child.once("exit", tell);
}

const lastLineMax = 300;

/** The line that says most of why a program ended: its error's, else its last; null where the log is gone or empty. */
export function lastLineOf(file: string): string | null {
	const lines = textOf(file)
		.slice(-16_384)
		.split("\n")
		.filter((line) => /\S/.test(line) && !/^(\s+at |Node\.js v)/.test(line));
	const said = lines.findLast((line) => /^\s*(Uncaught )?\w*(Error|Exception)\b/.test(line));
	return (said ?? lines.at(-1) ?? null)?.trim().slice(0, lastLineMax) ?? null;
}

/** A record may be removed while its subjects end, and their end must not be the daemon's. */
function textOf(file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch {
		return "";
	}
}

function readyPort(name: string, child: ChildProcess): Promise<number> {
	return new Promise((resolve, reject) => {
		let output = "";
		const fail = (what: string) => {
			settle();
			child.kill("SIGKILL");
			reject(
				new FaultlineError(
					"FLT_PLAN_INVALID",
					`subject "${name}" ${what}`,
					`it must print FLT_READY {"port":…} on its standard output; see subjects/${name}.log in the run's folder`,
				),
			);
		};
		const onData = (text: Buffer) => {
			output += text.toString();
			const said = /^FLT_READY (.*)$/m.exec(output);
			if (said === null) return;
			try {
				const { port } = JSON.parse(said[1]!) as { port: number };
				settle();
				resolve(port);
			} catch (error) {
				fail(`said FLT_READY without a port: ${messageOf(error)}`);
			}
		};
		const onExit = (code: number | null, signal: string | null) =>
			fail(`ended with ${signal ?? `code ${code}`} before it was ready`);
		const onError = (error: Error) => fail(`could not be started: ${error.message}`);
		const limit = setTimeout(() => fail(`was not ready within ${readyLimitMs} ms`), readyLimitMs);
		const settle = () => {
			clearTimeout(limit);
			child.stdout?.off("data", onData).resume();
			child.off("exit", onExit).off("error", onError);
		};
		child.stdout?.on("data", onData);
		child.once("exit", onExit).once("error", onError);
	});
}
