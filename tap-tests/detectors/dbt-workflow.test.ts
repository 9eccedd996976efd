import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { parse } from "yaml";
import { connectPostgres } from "../../base/postgres-client.ts";
import { projectFolder } from "../../scenarios/contracts/dbt-contracts/gate-run.ts";
import { dbtFolder, noDbt } from "./dbt-gate.ts";
import { ownPostgres } from "./own-postgres.ts";

// The workflow's own steps, one after another, in a copy of the project: what they say runs, and fails where it should.

interface Step {
	name?: string;
	uses?: string;
	run?: string;
}

const bin = await dbtFolder();
const skip = bin === null && noDbt;
const workflow = parse(readFileSync(new URL("ci/dbt.yml", projectFolder), "utf8"));
const { env, steps } = workflow.jobs.gate as { env: Record<string, string>; steps: Step[] };

/** Installing is what the component's own recipe does; everything else is run as it is written. */
const isInstall = ({ run }: Step) => run?.startsWith("python -m pip install") === true;
const runnable = steps.filter((step) => step.run !== undefined && !isInstall(step));

let folder: string;
let url: string;
t.before(async () => {
	if (bin === null) return;
	url = await ownPostgres(t);
	folder = mkdtempSync(join(tmpdir(), "dbt-workflow-"));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	cpSync(fileURLToPath(projectFolder), folder, { recursive: true });
});

/** The database is this test's; all the rest is as the workflow has it. */
function runStep({ run }: Step): { status: number | null; output: string } {
	const { hostname, port, username, password, pathname } = new URL(url);
	const database = {
		DBT_HOST: hostname,
		DBT_PORT: port,
		DBT_USER: decodeURIComponent(username),
		DBT_ENV_SECRET_PASSWORD: decodeURIComponent(password),
		DBT_DATABASE: pathname.slice(1),
	};
	const path = [bin, process.env.PATH].join(delimiter);
	const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", run!], {
		cwd: folder,
		env: { ...env, ...database, PATH: path, HOME: folder },
		encoding: "utf8",
		timeout: 120_000,
	});
	return { status, output: `${stdout}${stderr}` };
}

t.test("the workflow installs from the lock alone, and then loads, looks, runs and tests", (t) => {
	t.equal(steps.filter(isInstall).length, 1);
	t.match(steps.find(isInstall)?.run, "--require-hashes -r requirements.lock");
	t.same(
		runnable.map(({ run }) => run),
		["python sample/load.py", "dbt debug", "dbt source freshness", "dbt run", "dbt test"],
	);
	t.end();
});

t.test("every step ends well on the sample", { skip }, (t) => {
	for (const step of runnable) {
		const { status, output } = runStep(step);
		t.equal(status, 0, `${step.run}: ${output.slice(-600)}`);
	}
	t.end();
});

t.test("each thing that is wrong fails the step that is there for it", { skip }, async (t) => {
	const client = await connectPostgres(url);
	t.teardown(() => client.end());
	const rows: [sql: string, run: string, says: RegExp][] = [
		[
			"update raw.orders set loaded_at = loaded_at - interval '3 days'",
			"dbt source freshness",
			/ERROR STALE freshness of raw\.orders/,
		],
		[
			"alter table raw.orders alter column order_id type bigint",
			"dbt run",
			/order_id[\s|]+LONGINTEGER[\s|]+INTEGER[\s|]+data type mismatch/,
		],
		[
			"update raw.products set category = null",
			"dbt run",
			/null value in column "category" of relation "category_days/,
		],
		[
			"update raw.orders set status = 'refunded' where order_id = 1",
			"dbt test",
			/accepted_values_stg_orders_status/,
		],
	];
	for (const [sql, wanted, says] of rows) {
		runStep(runnable[0]!);
		await client.query(sql);
		const failed = runnable.slice(1).find((step) => {
			const { status, output } = runStep(step);
			if (status !== 0) t.match(output, says, sql);
			return status !== 0;
		});
		t.equal(failed?.run, wanted, sql);
	}
});
