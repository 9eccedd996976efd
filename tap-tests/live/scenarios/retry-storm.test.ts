import t from "tap";
import { recheck } from "../../../daemon/compare/recheck.ts";
import type { RunDocument } from "../../../daemon/runs/document.ts";
import { RunStore } from "../../../daemon/runs/store.ts";
import { type LiveDaemon, liveDaemon } from "../daemon.ts";

let daemon: LiveDaemon;
t.before(async () => {
	daemon = await liveDaemon(t, { flags: ["--services", "postgres"] });
});

/** A run with a verdict. One that the machine made invalid, as by a late generator, says nothing and is repeated. */
async function run(guard: string): Promise<RunDocument> {
	const path = `/scenarios/retry-storm/start?wait=true&size=small&guard=${guard}&seed=1`;
	for (let tries = 1; ; tries++) {
		const document = await daemon.client.get<RunDocument>(path);
		if (document.verdict !== "invalid" || tries === 3) return document;
	}
}

const ok = (document: RunDocument, id: string) =>
	document.checks.find((check) => check.id === id)?.ok;
const metric = (document: RunDocument, name: string) =>
	document.metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;

t.test("guarded clients recover, and the outage is told by its rule and by no other", async (t) => {
	const document = await run("on");
	t.equal(document.verdict, "passed", JSON.stringify(document.reasons));
	t.ok(metric(document, "retry_amplification") <= 1.5);
	t.match(document.alerts, [
		{ rule: "orders-not-accepted", origin: "plan", score: { precision: 1, recall: 1 } },
	]);
	const outcome = new RunStore(daemon.home.runs).readOutcome(document.runId);
	const again = await recheck(document, outcome);
	t.ok(document.metrics.some(({ name, value }) => name === "mttr_ms" && value !== null));
	t.ok(again.sameScenario);
	t.same(again.after, again.before, "its record, judged again, says what it said");
});

t.test("the naive twin doubles orders and feeds its own storm", async (t) => {
	const document = await run("off");
	t.equal(document.verdict, "failed");
	t.equal(document.asExpected, true);
	t.equal(ok(document, "exactly-once"), false, "orders given up were written all the same");
	t.ok(metric(document, "rows_duplicated_count") > 0);
	t.ok(metric(document, "retry_amplification") > 3);
	t.ok(ok(document, "attempts-agree"), "driver and downstream counted the same tries");
});
