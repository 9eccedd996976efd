import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Test } from "tap";
import { connectPostgres } from "../../base/postgres-client.ts";
import { loadSettings } from "../../daemon/settings.ts";
import { readyTool } from "../../daemon/tools/tools.ts";
import {
	type Ports,
	type Query,
	type Reach,
	type Taken,
	takeBatch,
} from "../../scenarios/contracts/data-quality/etl/take-batch.ts";
import { validatorAt } from "../../scenarios/contracts/data-quality/etl/verdict.ts";
import { arrangeTables } from "../../scenarios/contracts/data-quality/observe.ts";
import type { Tools } from "../../scenarios/contracts/data-quality/trial.ts";

// Great Expectations and Postgres without the daemon: the validator as a process that a test starts itself.

const { cache: folder } = await loadSettings({});
const tool = await readyTool("great-expectations", { folder, env: process.env });

/** Why a test of it can't be. */
export const noGx =
	tool === null &&
	"Great Expectations is not in the cache: faultline stack fetch great-expectations";

const program = fileURLToPath(
	new URL("../../scenarios/contracts/data-quality/validator/serve.py", import.meta.url),
);
const shared = fileURLToPath(new URL("../../scenarios/subjects/python/", import.meta.url));

export interface Validator {
	url: string;
	/** Where its pages are. */
	pages: string;
	/** Ends it as a crash would. */
	kill(): Promise<void>;
	/** All that it has said. */
	output(): string;
}

/** A validator that stages in this database; closed with the test. `more` is added to its environment. */
export async function validatorFor(
	t: Test,
	storeUrl: string,
	more: Record<string, string> = {},
): Promise<Validator> {
	const work = mkdtempSync(join(tmpdir(), "quality-validator-"));
	const { PYTHONPATH = "", ...others } = more;
	const child = spawn(join(tool!.bin, "python3"), [program], {
		cwd: work,
		env: {
			PATH: [tool!.bin, process.env.PATH].join(delimiter),
			HOME: work,
			PYTHONDONTWRITEBYTECODE: "1",
			PYTHONPATH: [shared, PYTHONPATH].filter(Boolean).join(delimiter),
			STORE_URL: storeUrl,
			...others,
		},
	});
	const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
	const kill = async () => {
		child.kill("SIGKILL");
		await ended;
	};
	t.teardown(async () => {
		await kill();
		rmSync(work, { recursive: true, force: true });
	});
	let said = "";
	const port = await new Promise<number>((resolve, reject) => {
		for (const stream of [child.stdout, child.stderr])
			stream.on("data", (bytes: Buffer) => {
				said += bytes;
				const ready = /FLT_READY (\{.*\})/.exec(said);
				if (ready !== null) resolve(JSON.parse(ready[1]!).port);
			});
		child.once("close", (code) =>
			reject(new Error(`it ended with ${code}: ${said.slice(-2_000)}`)),
		);
	});
	return { url: `http://127.0.0.1:${port}`, pages: join(work, "pages"), kill, output: () => said };
}

/** A connection of its own, closed with the test. */
export async function queryOf(t: Test, url: string): Promise<Query> {
	const client = await connectPostgres(url);
	t.teardown(() => client.end());
	return (text, values) => client.query(text, values);
}

/** A fresh shop and warehouse. */
export async function arrangeFresh(query: Query, seed: number): Promise<void> {
	for (const schema of ["source", "staging", "warehouse", "quarantine", "etl"])
		await query(`drop schema if exists ${schema} cascade`);
	await arrangeTables(query, seed);
}

export interface Bench {
	ports: Ports;
	tools: Tools;
	ask: Query;
	/** One attempt, with connections of its own; what it throws is no answer. */
	take(batch: number, reach?: Reach): Promise<Taken>;
}

/** Loader and database for trials, with this validator. */
export async function benchOf(t: Test, url: string, validator: { url: string }): Promise<Bench> {
	const ask = await queryOf(t, url);
	const validate = validatorAt(validator.url, 60_000);
	const take = async (batch: number, reach?: Reach): Promise<Taken> => {
		const [source, target] = [await connectPostgres(url), await connectPostgres(url)];
		try {
			return await takeBatch(
				batch,
				{
					source: (text, values) => source.query(text, values),
					target: (text, values) => target.query(text, values),
					validate,
				},
				reach,
			);
		} catch (error) {
			return { kind: "none", reason: String(error) };
		} finally {
			await Promise.all([source.end(), target.end()]);
		}
	};
	return {
		ports: { source: ask, target: ask, validate },
		ask,
		take,
		tools: {
			transact: async (statements) => {
				for (const { text, values } of statements) await ask(text, values);
			},
			take: (batch) => take(batch),
		},
	};
}
