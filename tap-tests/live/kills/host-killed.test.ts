import { readFileSync } from "node:fs";
import t from "tap";
import { findMarked } from "../../../base/process.ts";
import type { RunState } from "../../../daemon/record/document.ts";
import { busyTests } from "../busy-runs.ts";
import { eventOf } from "../daemon.ts";

const test = await busyTests(t);

const phases: RunState[] = [
	"preparing",
	"warming",
	"steady",
	"faulting",
	"recovering",
	"verifying",
];
for (const phase of phases) {
	test(`a run host killed in ${phase} leaves nothing behind`, async (runs, t) => {
		const runId = await runs.start({ holdMs: 350, faultMs: 700 });
		await eventOf(
			runs.daemon.client,
			runId,
			(event) => event.type === "state" && event.state === phase,
		);
		const marked = await findMarked(runs.daemon.home.id, runs.daemon.home.folder);
		const hosts = marked.filter(({ pid }) => commandOf(pid).includes("run-host"));
		t.equal(hosts.length, 1, "one run has one host");
		process.kill(hosts[0]!.pid, "SIGKILL");
		const run = await runs.ended(runId);
		t.match(run, { state: "crashed", verdict: "failed", counts: "bounded" });
		t.match(run.reasons, [{ code: "host_died" }]);
		const all = run.loads.find((load) => load.phase === "all");
		if (phase !== "preparing" && phase !== "warming") {
			t.ok(all!.started_count > 0, "what had started by then is in the record");
			t.equal(all!.started_count, all!.ok_count + all!.fail_count + all!.unknown_count);
		}
		await runs.unharmed(t);
	});
}

/** Empty where it has ended since it was found. */
function commandOf(pid: number): string {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, "utf8");
	} catch {
		return "";
	}
}
