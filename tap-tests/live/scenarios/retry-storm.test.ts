import t from "tap";
import { recheck } from "../../../daemon/compare/recheck.ts";
import type { RunDocument } from "../../../daemon/runs/document.ts";
import { RunStore } from "../../../daemon/runs/store.ts";
import { type LiveDaemon, liveDaemon } from "../daemon.ts";

// `npm run test:scenarios` sets SEEDS=5; `npm test` runs one.
const seeds = Array.from({ length: Number(process.env.SEEDS ?? 1) }, (_, i) => i + 1);

let daemon: LiveDaemon;
t.before(async () => {
	daemon = await liveDaemon(t, { flags: ["--services", "postgres"] });
});

/** A run with a verdict. One that the machine made invalid, as by a late generator, says nothing and is repeated. */
async function run(guard: string, seed: number): Promise<RunDocument> {
	const path = `/scenarios/retry-storm/start?wait=true&size=small&guard=${guard}&seed=${seed}`;
	for (let tries = 1; ; tries++) {
		const document = await daemon.client.get<RunDocument>(path);
		if (document.verdict !== "invalid" || tries === 3) return document;
	}
}

const ok = (document: RunDocument, id: string) =>
	document.checks.find((check) => check.id === id)?.ok;
const metric = (document: RunDocument, name: string) =>
	document.metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;

for (const seed of seeds) {
	t.test(
		`guarded clients recover, and every accepted order is there once (seed ${seed})`,
		async (t) => {
			const document = await run("on", seed);
			t.equal(document.verdict, "passed", JSON.stringify(document.reasons));
			t.equal(document.asExpected, true);
			t.ok(metric(document, "retry_amplification") <= 1.5);
			t.equal(metric(document, "rows_lost_count"), 0);
			t.equal(metric(document, "rows_duplicated_count"), 0);
			t.ok(ok(document, "attempts-agree"), "driver and downstream counted the same tries");
			t.match(
				document.alerts,
				[{ rule: "orders-not-accepted", origin: "plan", score: { precision: 1, recall: 1 } }],
				"its rule tells the outage, and nothing else",
			);
		},
	);

	t.test(`the naive twin doubles orders and feeds its own storm (seed ${seed})`, async (t) => {
		const document = await run("off", seed);
		t.equal(document.verdict, "failed");
		t.equal(document.asExpected, true);
		t.equal(ok(document, "exactly-once"), false, "orders given up were written all the same");
		t.ok(metric(document, "rows_duplicated_count") > 0);
		t.ok(metric(document, "retry_amplification") > 3);
		t.ok(ok(document, "attempts-agree"), "driver and downstream counted the same tries");
	});
}

t.test("a record with its fault and recovery, judged again, says what it said", async (t) => {
	// Whatever its verdict.
	const path = "/scenarios/retry-storm/start?wait=true&size=small";
	const document = await daemon.client.get<RunDocument>(path);
	const outcome = new RunStore(daemon.home.runs).readOutcome(document.runId);
	const again = await recheck(document, outcome);
	t.ok(document.metrics.some(({ name, value }) => name === "mttr_ms" && value !== null));
	t.ok(again.sameScenario);
	t.same(again.after, again.before);
});
