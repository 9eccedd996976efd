import { readFileSync } from "node:fs";
import { Command } from "commander";
import t from "tap";
import { parse } from "yaml";
import addNightly from "../../../daemon/cli/commands/nightly.ts";
import { readSchedule } from "../../../daemon/nightly/schedule.ts";

interface Workflow {
	on: { schedule: { cron: string }[] };
	jobs: {
		nightly: {
			"timeout-minutes": number;
			steps: {
				uses?: string;
				run?: string;
				if?: string;
				shell?: string;
				with?: { path?: string };
			}[];
		};
	};
}

const file = new URL("../../../.github/workflows/nightly.yml", import.meta.url);
const workflow = parse(readFileSync(file, "utf8")) as Workflow;
const { steps, ...job } = workflow.jobs.nightly;

t.test("the ready workflow plans a night, and gives it more time than its budget", async (t) => {
	for (const { cron } of workflow.on.schedule) await t.resolves(readSchedule(cron, "UTC"));
	t.ok(job["timeout-minutes"] > 3 * 60);
});

t.test("it runs the nightly with flags that exist, and its exit code decides", (t) => {
	const step = steps.find(({ run }) => run?.includes("faultline nightly"))!;
	t.equal(step.shell, "bash", "which is how pipefail is on");
	const program = new Command();
	addNightly(program);
	const known = program.commands[0]!.options.map(({ long }) => long);
	const flags = step.run!.match(/--[a-z-]+/g) ?? [];
	t.ok(flags.length > 0);
	for (const flag of flags) t.ok(known.includes(flag), flag);
	t.end();
});

t.test("what it keeps is what it wrote, also of a bad night", (t) => {
	const upload = steps.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"))!;
	t.equal(upload.if, "always()");
	const { run } = steps.find(({ run }) => run?.includes("faultline nightly"))!;
	const paths = upload.with!.path!.trim().split("\n");
	for (const path of paths) t.ok(path === ".faultline/nightly/" || run!.includes(path), path);
	t.ok(
		steps.some(({ with: given }) => given?.path === ".faultline/history"),
		"and the nights",
	);
	t.end();
});
