import { join } from "node:path";
import t from "tap";
import { withRunners } from "../../../daemon/host/jobs.ts";
import type { Plan } from "../../../scenarios/contract/plan.ts";

const plan: Plan = {
	phases: {},
	paths: { db: "postgres", build: { job: "dbt" }, api: { subject: "api" } },
	subjects: { api: { file: "./api.ts" } },
	loads: {},
	jobs: {
		dbt: { command: ["dbt", "build"], env: { THREADS: 2 }, cwd: "./project", limitMs: 5_000 },
		plain: { command: ["true"] },
	},
};

t.test("a job is a subject that starts it, and a path to it leads there", (t) => {
	const { paths, subjects, ...rest } = withRunners(plan, "/own/x.scenario.ts");
	t.same(paths, { db: "postgres", build: { subject: "dbt" }, api: { subject: "api" } });
	t.match(subjects, {
		api: { file: "./api.ts" },
		dbt: {
			file: /chaos\/subject\/job-runner\.ts$/,
			env: {
				THREADS: 2,
				FLT_JOB_COMMAND: '["dbt","build"]',
				FLT_JOB_CWD: "/own/project",
				FLT_JOB_LIMIT_MS: 5_000,
			},
		},
		plain: { env: { FLT_JOB_LIMIT_MS: 0 } },
	});
	t.notOk("FLT_JOB_CWD" in (subjects?.plain?.env ?? {}), "it works in its own folder");
	t.notOk("jobs" in rest);
	t.end();
});

t.test("a job's file is run by what runs files of its kind, beside the scenario", (t) => {
	const folder = t.testdir({ "etl.ts": "" });
	const withFile = (file: string): Plan => ({
		phases: {},
		paths: {},
		loads: {},
		jobs: { etl: { file, args: ["--quick"] } },
	});
	const scenarioFile = join(folder, "own.scenario.ts");
	const { subjects } = withRunners(withFile("./etl.ts"), scenarioFile);
	const command = JSON.parse(String(subjects?.etl?.env?.FLT_JOB_COMMAND));
	t.equal(command[0], process.execPath);
	t.same(command.slice(-2), [join(folder, "etl.ts"), "--quick"]);
	t.throws(() => withRunners(withFile("./gone.ts"), scenarioFile), {
		code: "FLT_PLAN_INVALID",
		message: /job "etl": there is no file .*gone\.ts/,
	});
	t.end();
});
