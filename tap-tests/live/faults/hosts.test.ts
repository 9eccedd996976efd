import { readFileSync, rmSync } from "node:fs";
import t from "tap";
import type { RunDocument, RunState } from "../../../daemon/record/document.ts";
import { busyTests } from "../busy-runs.ts";
import { eventOf } from "../daemon.ts";

const test = await busyTests(t);

test("a run that makes something on every service leaves nothing, and proves its faults", async (runs, t) => {
	// Long enough to be proved on a busy machine.
	const run = await runs.ended(await runs.start({ faultMs: 1_000 }));
	t.match(run, { state: "done", counts: "exact" }, JSON.stringify(run.reasons));
	t.not(run.verdict, "failed");
	for (const fault of run.faults) {
		t.match(fault, { state: "healed", provedMs: Number, cleanMs: Number }, fault.seen.join("; "));
	}
	const all = run.loads.find((load) => load.phase === "all");
	t.equal(all?.due_count, all!.started_count + all!.dropped_count);
	t.equal(all?.started_count, all!.ok_count + all!.fail_count + all!.unknown_count);
	const journal = readFileSync(
		`${runs.daemon.home.runs}/${run.runId}/journal/reads-0.ndjson`,
		"utf8",
	);
	t.equal(
		journal.trim().split("\n").length,
		all?.started_count,
		"a journal line per started operation",
	);
	await runs.unharmed(t);
});

// What else a hook may do to its host is tried on a host alone, in daemon/host/channel.test.ts.
const bad: { how: string; where: string; codes: string[]; state: RunState; why: string }[] = [
	{
		how: "loop",
		where: "truth",
		codes: ["hook_limit"],
		state: "crashed",
		why: "a hook that loops",
	},
	{
		how: "buffers",
		where: "arrange",
		codes: ["host_died", "hook_limit"],
		state: "crashed",
		why: "a hook that fills 2 GB of Buffers",
	},
	{
		how: "abort",
		where: "observe",
		codes: ["host_died"],
		state: "crashed",
		why: "a hook that aborts",
	},
	{
		how: "throw",
		where: "observe",
		codes: ["check_threw"],
		state: "aborted",
		why: "a hook that throws",
	},
];
for (const { how, where, codes, state, why } of bad) {
	test(`${why} ends its run and nothing else`, async (runs, t) => {
		const run = await runs.ended(await runs.start({ how, where }));
		t.equal(run.state, state);
		t.ok(
			run.reasons.some((reason) => codes.includes(reason.code)),
			`${codes.join(" or ")} is among ${JSON.stringify(run.reasons)}`,
		);
		await runs.unharmed(t);
	});
}

test("a record that can't be written ends the run as crashed, heals its faults, and leaves the daemon", async (runs, t) => {
	const runId = await runs.start({ faultMs: 20_000 });
	await eventOf(
		runs.daemon.client,
		runId,
		(event) => event.type === "fault" && event.fault.provedMs !== null,
	);
	const ending = eventOf(runs.daemon.client, runId, (event) => event.type === "end");
	// The daemon goes on writing into it meanwhile.
	rmSync(`${runs.daemon.home.runs}/${runId}`, { recursive: true, maxRetries: 10 });
	t.match(await ending, { state: "crashed", reasons: [{ code: "crashed" }] });
	t.match(runs.daemon.output(), /the record can't be written/);
	await runs.unharmed(t);
});

test("a stopped run heals its faults first and is invalid: stopped", async (runs, t) => {
	const runId = await runs.start({ faultMs: 20_000 });
	await eventOf(
		runs.daemon.client,
		runId,
		(event) => event.type === "fault" && event.fault.provedMs !== null,
	);
	const run = await runs.daemon.client.post<RunDocument>(`/runs/${runId}/stop`);
	t.match(run, { state: "aborted", verdict: "invalid", reasons: [{ code: "stopped" }] });
	t.ok(run.faults.every((fault) => fault.state === "healed"));
	await runs.unharmed(t);
});
