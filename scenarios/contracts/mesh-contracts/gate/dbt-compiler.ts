import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Finding } from "../../../subjects/gate/findings.ts";
import type { Package } from "../../../subjects/gate/package.ts";
import { NoVerdict } from "../../../subjects/gate/scratch.ts";
import type { Rendered } from "./render.ts";

const limitMs = 60_000;
const mark = "COMPILED ";

/** What `worker.py` says of a package. */
interface Compiled {
	models: { name: string; sql: string }[];
	/** Without a name where dbt could not even read the package. */
	wrong: { name: string | null; message: string }[];
}

/** The real dbt, as a process that stays: it is asked about one package at a time. */
export class DbtCompiler {
	readonly #folder: string;
	#worker: ChildProcess | null = null;
	#answer: { resolve(line: string): void; reject(error: Error): void } | null = null;

	/** `folder`: where packages are written to be compiled. */
	constructor(folder: string) {
		this.#folder = folder;
	}

	/** The models of a package as dbt compiles them, in its order. */
	async rendered({ models, settings }: Package): Promise<Rendered> {
		const folder = mkdtempSync(join(this.#folder, "dbt-"));
		try {
			for (const { name, sql } of models) await put(folder, `models/${name}.sql`, sql);
			for (const { name, sql } of settings) await put(folder, name, sql);
			return renderedOf(JSON.parse(await this.#asked(folder)) as Compiled);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	}

	close(): void {
		this.#worker?.kill("SIGKILL");
		this.#worker = null;
	}

	/** Starts dbt before anybody asks: to import it takes seconds. */
	start(): ChildProcess {
		if (this.#worker !== null) return this.#worker;
		const program = fileURLToPath(new URL("dbt/worker.py", import.meta.url));
		const worker = spawn("python", [program], {
			env: {
				...process.env,
				// Nothing of it leaves the machine.
				DBT_SEND_ANONYMOUS_USAGE_STATS: "false",
				DO_NOT_TRACK: "1",
				PYTHONDONTWRITEBYTECODE: "1",
			},
			stdio: ["pipe", "pipe", "ignore"],
		});
		this.#worker = worker;
		const ended = (why: string) => {
			if (this.#worker === worker) this.#worker = null;
			this.#answer?.reject(new NoVerdict(`dbt: ${why}`));
		};
		worker.once("error", (error) => ended(error.message));
		worker.once("exit", (code, signal) => ended(`it ended with ${signal ?? code}`));
		worker.stdin!.on("error", () => {}); // its end is told
		createInterface({ input: worker.stdout! }).on("line", (line) => {
			if (line.startsWith(mark)) this.#answer?.resolve(line.slice(mark.length));
		});
		return worker;
	}

	#asked(folder: string): Promise<string> {
		const worker = this.start();
		return new Promise<string>((resolve, reject) => {
			const limit = setTimeout(() => {
				this.close();
				reject(new NoVerdict(`dbt: it had no answer in ${limitMs} ms`));
			}, limitMs);
			this.#answer = {
				resolve(line) {
					clearTimeout(limit);
					resolve(line);
				},
				reject(error) {
					clearTimeout(limit);
					reject(error);
				},
			};
			worker.stdin!.write(`${folder}\n`);
		}).finally(() => {
			this.#answer = null;
		});
	}
}

async function put(folder: string, path: string, text: string): Promise<void> {
	await mkdir(dirname(join(folder, path)), { recursive: true });
	await writeFile(join(folder, path), text);
}

/** Everything of the profile is where the gate tries a change, and so needs no name of a place. */
export function renderedOf({ models, wrong }: Compiled): Rendered {
	const findings = wrong.map(({ name, message }): Finding => {
		const [, named] = /\(models\/([a-z0-9_]+)\.sql\)/.exec(message) ?? [];
		return { place: [name ?? named ?? "models"], rule: "builds", why: message };
	});
	return {
		findings,
		models: models.map(({ name, sql }) => ({
			name,
			sql: sql.replaceAll(/"mesh"\."(?:raw|scratch)"\./g, ""),
		})),
	};
}
