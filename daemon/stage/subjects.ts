import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import { setPriorityOf } from "../../base/priority.ts";
import { identify, isAlive, killTree, type ProcessIdentity } from "../../base/process.ts";
import type { RunNames } from "../../base/run-names.ts";
import {
	type Controls,
	clockSeen,
	controlsVariable,
	holdSeen,
	paceSeen,
	removeControl,
} from "../../chaos/subject/controls.ts";
import { listens, type SubjectSpec } from "../../scenarios/contract/subject.ts";
import { type Program, programOf, runsInNode } from "../host/program.ts";
import { freePort, PortClaims } from "../stack/ports.ts";
import { readyLimitMs, readyPort } from "./ready.ts";
import { lastLineOf, saidFromNow, startMark } from "./subject-log.ts";

/** Within a run's folder: where faults reach its subjects through. */
export const controlsFolder = ".controls";

const caseLimitMs = 15_000;
const stopGraceMs = 1_000;

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
	/** It ended although nobody ends it: with what, and the last that it said. */
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
	/** Where it listens; null before it is ready, and of one that listens nowhere. */
	#port: number | null = null;
	/** What it is told by `FLT_PORT`, from its first start on. */
	#asked: number | null = null;
	/** Of the process that it is: the end of an earlier one may be told after the start of this. */
	#life = { endIsExpected: false };
	#started: Promise<void> = Promise.resolve();
	#isStarting = false;

	constructor(name: string, spec: SubjectSpec, home: SubjectHome, paths: Record<string, string>) {
		this.name = name;
		this.folder = join(home.workFolder, name);
		// Not in its own folder, which it may empty.
		this.controls = {
			folder: join(home.workFolder, controlsFolder, name),
			node: runsInNode(spec),
		};
		this.#spec = spec;
		this.#home = home;
		this.#paths = paths;
	}

	get identity(): ProcessIdentity | null {
		return this.#identity;
	}

	get port(): number {
		if (this.#port !== null) return this.#port;
		throw new Error(
			this.listens
				? `subject "${this.name}" is not ready yet`
				: `subject "${this.name}" listens on no port, by its ready`,
		);
	}

	/** Whether it has a port, so that a path can lead to it. */
	get listens(): boolean {
		return listens(this.#spec.ready);
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

	/**
	 * Spawns it on a port that it is told by `FLT_PORT`, the same at every start, and waits until it says that it is ready.
	 * One that is being started is joined: two faults that end together both want it back, and it is one process.
	 */
	start(): Promise<void> {
		if (!this.#isStarting) {
			this.#isStarting = true;
			this.#started = this.#start().finally(() => {
				this.#isStarting = false;
			});
		}
		return this.#started;
	}

	async #start(): Promise<void> {
		const program = programOf(`subject "${this.name}"`, this.#spec, this.#home.scenarioFile);
		mkdirSync(this.folder, { recursive: true });
		mkdirSync(this.controls.folder, { recursive: true });
		// What another process saw.
		for (const seen of [clockSeen, paceSeen, holdSeen]) removeControl(this.controls.folder, seen);
		mkdirSync(this.#home.logFolder, { recursive: true });
		const claims = new PortClaims();
		try {
			// Not one of the range of outgoing connections, any of which could hold it when it is started again.
			await this.#spawn(program, this.#asked ?? (await freePort(claims)));
		} finally {
			claims.releaseAll();
		}
	}

	async #spawn({ command, title }: Program, port: number): Promise<void> {
		const [program, ...args] = command;
		const log = openSync(this.#logFile, "a");
		let said = () => "";
		const life = { endIsExpected: false };
		this.#life = life;
		let child: ChildProcess;
		try {
			writeSync(log, `${startMark}${title}\n`);
			said = saidFromNow(this.#logFile);
			child = spawn(program, args, {
				cwd: this.folder,
				env: {
					...this.#home.env,
					FLT_PORT: String(port),
					...this.#variables(),
					[controlsVariable]: this.controls.folder,
				},
				detached: true,
				// Not by a pipe: it is not to wait for a daemon that is busy, nor to die with one that is killed.
				stdio: ["ignore", log, log],
			});
		} finally {
			closeSync(log);
		}
		if (child.pid !== undefined) setPriorityOf(child.pid, "target", true);
		const lastWords = () => lastLineOf(this.#logFile);
		const limitMs = this.#spec.startLimitMs ?? readyLimitMs;
		const starting = { name: this.name, child, port, limitMs, said, lastWords };
		this.#port = await readyPort(this.#spec.ready ?? "line", starting);
		this.#asked = this.#port ?? port;
		// Before that its end is the failure of its start.
		onceEnded(child, (code, signal) => {
			if (life.endIsExpected) return;
			this.#home.onExit(this.name, { code, signal, lastLine: lastLineOf(this.#logFile) });
		});
		this.#identity = child.pid === undefined ? null : identify(child.pid);
	}

	/** Whether it runs, and can be told of a case in which it is this. */
	isKeptFor({ keep, file, args, command }: SubjectSpec): boolean {
		const own = this.#spec;
		const same = isDeepStrictEqual([file, args, command], [own.file, own.args, own.command]);
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
			signal: AbortSignal.timeout(caseLimitMs),
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

	/** What the plan and the run tell it. */
	#variables(): Record<string, string> {
		const { runId, names } = this.#home;
		const paths = Object.entries(this.#paths).map(([path, url]) => [
			`FLT_PATH_${path.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`,
			url,
		]);
		const own = Object.entries(this.#spec.env ?? {}).map(([variable, value]) => [
			variable,
			this.#withPaths(variable, String(value)),
		]);
		return {
			...Object.fromEntries(paths),
			...Object.fromEntries(own),
			FLT_RUN: runId,
			FLT_DATABASE: names.database,
			FLT_TOPIC_PREFIX: names.topicPrefix,
			FLT_KEY_PREFIX: names.keyPrefix,
			FLT_BUCKET_PREFIX: names.bucketPrefix,
		};
	}

	/** A variable's value with the addresses of the paths that it names. */
	#withPaths(variable: string, value: string): string {
		return value.replaceAll(/\$\{path\.([^}]*)\}/g, (_, path: string) => {
			const address = this.#paths[path];
			if (address !== undefined) return address;
			throw new FaultlineError(
				"FLT_PLAN_INVALID",
				`subject "${this.name}": ${variable} names the path "${path}", which leads to no service or earlier subject`,
				`there are: ${Object.keys(this.#paths).join(", ") || "none"}`,
			);
		});
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
