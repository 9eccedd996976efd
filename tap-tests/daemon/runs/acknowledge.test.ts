import t from "tap";
import { runDocument } from "../record/run-document.ts";
import { managerRig } from "../stage/fake-stack.ts";

t.test(
	"an alert that is taken on after its run's end is in the record and its events",
	async (t) => {
		const { runs, store } = managerRig(t);
		const alert = { rule: "few", case: null, origin: "plan", score: null } as const;
		const { runId } = runDocument();
		store.create(
			runDocument({
				state: "done",
				startedAt: new Date(Date.now() - 60_000).toISOString(),
				alerts: [{ ...alert, firedMs: [1_000], resolvedMs: [2_000], acknowledgedMs: [null] }],
			}),
		);
		const firing = { rule: "few", origin: "plan", case: null, firedByMs: 1_010 } as const;
		runs.acknowledge(runId, firing, "ana");
		const [ms] = store.read(runId).alerts[0]!.acknowledgedMs;
		t.ok(ms! >= 60_000 && ms! < 120_000, `${ms} ms after the run's zero`);
		runs.acknowledge(runId, firing, "bob");
		t.match(store.readEvents(runId), [
			{ id: 1, ms, type: "alert", change: "acknowledged", by: "ana", rule: "few" },
		]);
		t.equal(store.readEvents(runId).length, 1, "the first one counts");
	},
);
