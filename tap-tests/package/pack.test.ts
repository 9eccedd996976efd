import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { RunDocument } from "../../daemon/record/document.ts";
import { isMistake } from "../live/daemon.ts";
import { packed } from "../packed.ts";
import { untapped } from "../untapped.ts";

t.test(
	"the packed package, installed elsewhere, runs a user's own .ts scenario and checks its types",
	(t) => {
		const { folder, faultline, take, checkTypes } = packed(t);
		take("frozen-subject.scenario.ts", "clocked.ts");
		t.match(faultline("--version").stdout, /^\d+\.\d+\.\d+/);

		const run = JSON.parse(
			faultline("run", "./frozen-subject.scenario.ts", "--json", "-p", "faultMs=1000").stdout,
		) as RunDocument;
		t.match(run, { scenario: "frozen-subject", state: "done" });
		// A generator that was late on a busy machine is no mistake of the package's.
		t.same(run.reasons.filter(isMistake), []);
		t.match(run.faults, [
			{ kind: "freeze", state: "healed" },
			{ kind: "event-loop-block", state: "healed" },
			{ kind: "clock-skew", state: "healed" },
		]);
		t.match(readFileSync(faultline("report", run.runId).stdout.trim(), "utf8"), "freeze on");

		const own = join(folder, "node_modules/faultline/dist/scenarios");
		const scenarios = globSync("**/*.scenario.js", { cwd: own });
		t.ok(scenarios.length > 1, "our own scenarios are in the package");
		for (const file of scenarios)
			t.doesNotThrow(
				() => execFileSync(...untapped(process.execPath, join(own, file)), { stdio: "pipe" }),
				`${file} finds all that it reads`,
			);
		t.doesNotThrow(
			() => checkTypes("frozen-subject.scenario.ts", "clocked.ts"),
			"a scenario and its subject type-check against the package's declarations",
		);
		t.end();
	},
);
