import t from "tap";
import type { ScenarioDescription } from "../../../daemon/host/protocol.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import type { RunManager } from "../../../daemon/runs/manager.ts";
import { RunSequence } from "../../../daemon/runs/sequence.ts";
import { runDocument } from "../record/run-document.ts";

/** Runs that are made ready, and end, when the test says so. */
function rig() {
	const ready = Promise.withResolvers<void>();
	const { promise: ended, resolve: end } = Promise.withResolvers<RunDocument>();
	const stopped: string[] = [];
	const runs = {
		start: async () => {
			await ready.promise;
			return { id: "r1", ended };
		},
		lastTry: (run: { ended: Promise<RunDocument> }) => run.ended,
		stop: async (id: string, why: string) => {
			stopped.push(`${id}: ${why}`);
			end(runDocument({ state: "aborted" }));
		},
	} as unknown as RunManager;
	return { sequence: new RunSequence(runs), ready, end, stopped };
}
const description = {} as ScenarioDescription;

t.test("a run is waited for; stopped, it is ended by its id", async (t) => {
	const { sequence, ready, stopped } = rig();
	const run = sequence.run(description, {});
	ready.resolve();
	await new Promise(setImmediate);
	t.equal(sequence.stopped, null);
	await sequence.stop("enough");
	t.match(await run, { state: "aborted" });
	t.same(stopped, ["r1: enough"]);
	t.equal(sequence.stopped, "enough");
	await sequence.stop("again");
	t.same(stopped, ["r1: enough"], "a run that has ended is not ended again");
	t.equal(sequence.stopped, "enough", "the first reason stays");
});

t.test("stopped while a run is made ready, it ends that run too", async (t) => {
	const { sequence, ready, stopped } = rig();
	const run = sequence.run(description, {});
	await sequence.stop("enough");
	t.same(stopped, [], "there is nothing to end yet");
	ready.resolve();
	t.match(await run, { state: "aborted" });
	t.same(stopped, ["r1: enough"]);
});
