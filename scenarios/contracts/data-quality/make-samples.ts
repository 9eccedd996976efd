import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectPostgres, variable } from "faultline/subject";
import { withPorts } from "./etl/ports.ts";
import { takeBatch } from "./etl/take-batch.ts";
import { takenText } from "./etl/taken-text.ts";
import { sampleSql } from "./sample.ts";

// Runs the sample through the pipeline and keeps what it says, with the page: `DATABASE_URL=postgres://… node make-samples.ts`, in a
// database of its own, and with a `python3` on the PATH that has `validator/requirements.lock`.

const sample = new URL("sample/", import.meta.url);
const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A validator in a folder of its own, for as long as an action takes. */
async function withValidator<T>(url: string, action: (pages: string) => Promise<T>): Promise<T> {
	const folder = mkdtempSync(join(tmpdir(), "validator-"));
	const shared = fileURLToPath(new URL("../../subjects/python/", import.meta.url));
	const child = spawn("python3", [file("validator/serve.py")], {
		cwd: folder,
		env: {
			...process.env,
			STORE_URL: url,
			PYTHONPATH: [shared, process.env.PYTHONPATH ?? ""].join(delimiter),
		},
		stdio: ["ignore", "pipe", "inherit"],
	});
	try {
		const port = await new Promise<number>((resolve, reject) => {
			child.once("error", reject);
			child.once("exit", (code) => reject(new Error(`the validator ended with ${code}`)));
			child.stdout.on("data", (bytes: Buffer) => {
				const ready = /FLT_READY (\{.*\})/.exec(String(bytes));
				if (ready !== null) resolve((JSON.parse(ready[1]!) as { port: number }).port);
			});
		});
		process.env.VALIDATOR_URL = `http://127.0.0.1:${port}`;
		return await action(join(folder, "pages"));
	} finally {
		child.kill();
		rmSync(folder, { recursive: true, force: true });
	}
}

if (import.meta.main) {
	const url = variable("DATABASE_URL");
	process.env.SOURCE_URL = url;
	process.env.TARGET_URL = url;
	const client = await connectPostgres(url);
	await client.query(sampleSql());
	await client.end();
	await withValidator(url, async (pages) => {
		for (const [batch, name] of [
			[1, "succeeding.txt"],
			[2, "failing.txt"],
		] as const) {
			const taken = await withPorts((ports) => takeBatch(batch, ports));
			writeFileSync(new URL(name, sample), `${takenText(batch, taken)}\n`);
			if (taken.kind === "rejected")
				copyFileSync(join(pages, taken.page), new URL(taken.page, sample));
		}
	});
}
