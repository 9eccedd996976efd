import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Finding } from "../../../subjects/gate/findings.ts";
import type { Package } from "../../../subjects/gate/package.ts";
import { NoVerdict } from "../../../subjects/gate/scratch.ts";
import { PythonWorker } from "../../../subjects/python/worker.ts";
import type { Rendered } from "./render.ts";

/** What `worker.py` says of a package. */
interface Compiled {
	models: { name: string; sql: string }[];
	/** Without a name where dbt could not even read the package. */
	wrong: { name: string | null; message: string }[];
}

/** The real dbt, as a process that stays: it is asked about one package at a time. */
export class DbtCompiler {
	readonly #folder: string;
	readonly #worker = new PythonWorker({
		name: "dbt",
		python: "python",
		program: new URL("dbt/worker.py", import.meta.url),
		// Nothing of it leaves the machine.
		env: { DBT_SEND_ANONYMOUS_USAGE_STATS: "false", DO_NOT_TRACK: "1" },
		limitMs: 60_000,
		failed: (why) => new NoVerdict(why),
	});

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
			return renderedOf(JSON.parse(await this.#worker.ask(folder)) as Compiled);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	}

	close(): void {
		this.#worker.close();
	}

	/** Starts dbt before anybody asks: to import it takes seconds. */
	start(): ChildProcess {
		return this.#worker.start();
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
