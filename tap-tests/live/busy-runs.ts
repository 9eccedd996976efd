import type { Test } from "tap";
import type { RunDocument } from "../../daemon/record/document.ts";
import { eventOf, type LiveDaemon, liveDaemon, triedOnce } from "./daemon.ts";
import { inventory } from "./inventory.ts";

const file = new URL("../fixtures/scenarios/busy.scenario.ts", import.meta.url).pathname;

/** A daemon for runs of the scenario that makes something on every service. */
export interface BusyRuns {
	daemon: LiveDaemon;
	/** Starts one; its id. */
	start(params: Record<string, unknown>): Promise<string>;
	ended(runId: string): Promise<RunDocument>;
	/** The same daemon, and nothing left of any run. */
	unharmed(t: Test): Promise<void>;
}

type Subtest = (runs: BusyRuns, t: Test) => Promise<void>;

/**
 * Two daemons side by side, for tests of which each takes one that is free: a run of this scenario mostly waits, so
 * that two fit on two cores. Answers with the way to add a test.
 */
export async function busyTests(t: Test): Promise<(title: string, subtest: Subtest) => void> {
	const free = await Promise.all([busyRuns(t), busyRuns(t)]);
	t.jobs = free.length;
	return (title, subtest) => {
		t.test(title, { buffered: true }, async (t) => {
			const runs = free.pop()!;
			try {
				await subtest(runs, t);
			} finally {
				free.push(runs);
			}
		});
	};
}

async function busyRuns(t: Test): Promise<BusyRuns> {
	const daemon = await liveDaemon(t);
	const { client } = daemon;
	const before = await inventory(client, daemon.home);
	return {
		daemon,
		start: async (params) =>
			(await client.post<{ runId: string }>("/runs", { file, params: { ...params, ...triedOnce } }))
				.runId,
		async ended(runId) {
			await eventOf(client, runId, (event) => event.type === "end");
			return client.run(runId);
		},
		async unharmed(t) {
			t.equal(daemon.process.exitCode, null, "the daemon lives, with the same pid");
			const after = await inventory(client, daemon.home);
			t.same(after, before, "all services and processes are as before");
		},
	};
}
