import { readFileSync } from "node:fs";
import t, { type Test } from "tap";
import { findMarked } from "../../../base/process.ts";
import type { RunDocument, RunState } from "../../../daemon/runs/document.ts";
import { eventOf, type LiveDaemon, liveDaemon } from "../daemon.ts";
import { type Inventory, inventory } from "../inventory.ts";

const file = new URL("../../fixtures/scenarios/busy.scenario.ts", import.meta.url).pathname;

let daemon: LiveDaemon;
let before: Inventory;

t.before(async () => {
	daemon = await liveDaemon(t);
	before = await inventory(daemon.client, daemon.home);
});

async function start(params: Record<string, unknown>): Promise<string> {
	return (await daemon.client.post<{ runId: string }>("/runs", { file, params })).runId;
}

async function ended(runId: string): Promise<RunDocument> {
	await eventOf(daemon.client, runId, (event) => event.type === "end");
	return daemon.client.run(runId);
}

/** The same daemon, and nothing left of any run. */
async function unharmed(t: Test): Promise<void> {
	t.equal(daemon.process.exitCode, null, "the daemon lives, with the same pid");
	t.same(
		await inventory(daemon.client, daemon.home),
		before,
		"all services and processes are as before",
	);
}

const phases: RunState[] = [
	"preparing",
	"warming",
	"steady",
	"faulting",
	"recovering",
	"verifying",
];
for (const phase of phases) {
	t.test(`a run host killed in ${phase} leaves nothing behind`, async (t) => {
		const runId = await start({ holdMs: 500, faultMs: 700 });
		await eventOf(daemon.client, runId, (event) => event.type === "state" && event.state === phase);
		const hosts = findMarked(daemon.home.id, daemon.home.folder).filter(({ pid }) =>
			readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("run-host"),
		);
		t.equal(hosts.length, 1, "one run has one host");
		process.kill(hosts[0]!.pid, "SIGKILL");
		const run = await ended(runId);
		t.match(run, { state: "crashed", verdict: "failed", counts: "bounded" });
		t.match(run.reasons, [{ code: "host_died" }]);
		const all = run.loads.find((load) => load.phase === "all");
		if (phase !== "preparing" && phase !== "warming") {
			t.ok(all!.started_count > 0, "what had started by then is in the record");
			t.equal(all!.started_count, all!.ok_count + all!.fail_count + all!.unknown_count);
		}
		await unharmed(t);
	});
}
