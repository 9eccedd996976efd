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
