import t from "tap";
import { recheck } from "../../../daemon/compare/recheck.ts";
import type { RunDocument } from "../../../daemon/runs/document.ts";
import { RunStore } from "../../../daemon/runs/store.ts";
import { eventOf, type LiveDaemon, liveDaemon } from "../daemon.ts";

// `npm run test:scenarios` sets SEEDS=5, and plants the defects; `npm test` runs one seed.
const wide = process.env.SEEDS !== undefined;
const seeds = Array.from({ length: Number(process.env.SEEDS ?? 1) }, (_, i) => i + 1);

let daemon: LiveDaemon;
t.before(async () => {
	daemon = await liveDaemon(t, { flags: ["--services", "kafka"] });
});

/** A run with a verdict of the pipeline's. One that a busy machine made invalid says nothing and is repeated. */
async function settled(start: () => Promise<RunDocument>): Promise<RunDocument> {
	for (let tries = 1; ; tries++) {
		const document = await start();
		if (document.verdict !== "invalid" || tries === 3) return document;
	}
}

const failed = ({ checks }: RunDocument) =>
	checks.filter(({ ok }) => ok === false).map(({ id }) => id);
const metric = ({ metrics }: RunDocument, name: string, id: string) =>
	metrics.find((metric) => metric.name === name && metric.case === id)?.value ?? Number.NaN;

let last: RunDocument;
for (const seed of seeds) {
	t.test(`the hot key's partition falls behind, and salting it helps (seed ${seed})`, async (t) => {
		const path = `/scenarios/kafka-partitioning/start?wait=true&size=small&seed=${seed}`;
		last = await settled(() => daemon.client.get<RunDocument>(path));
		t.equal(last.verdict, "passed", JSON.stringify(last.reasons));
		t.equal(last.checks.length, 4 * 4 + 1, "four checks a case, and one over all");
		t.ok(metric(last, "left_pct", "zipf-1k") > 5, "what its one partition could not do is left");
		for (const id of ["sticky-1k", "key-hash-1k", "salted-1k"])
			t.equal(metric(last, "left_pct", id), 0, `${id}: nothing is left`);
		t.match(
			last.checks.find(({ id }) => id === "recommendation-follows")?.message,
			/zipf keys at 1000\/s: salted/,
		);
	});
}

t.test("a record of a sweep, judged again, says what it said", async (t) => {
	const outcome = new RunStore(daemon.home.runs).readOutcome(last.runId);
	const again = await recheck(last, outcome);
	t.ok(again.sameScenario);
	t.same(again.after, again.before);
});

const file = new URL(
	"../../fixtures/scenarios/kafka-defects/kafka-defects.scenario.ts",
	import.meta.url,
).pathname;

async function withDefect(params: object): Promise<RunDocument> {
	const { runId } = await daemon.client.post<{ runId: string }>("/runs", {
		...{ file, params: { sweep: "off", size: "small", ratePerSec: 1_000, ...params } },
	});
	await eventOf(daemon.client, runId, (event) => event.type === "end");
	return daemon.client.run(runId);
}

const planted: [params: Record<string, unknown>, checks: string[], why: string][] = [
	[
		{ defect: "splits-keys", strategy: "key-hash" },
		["delivered", "order-per-key"],
		"a partitioner that breaks the affinity of keys",
	],
	[
		{ defect: "drops" },
		["produced", "delivered"],
		"a producer that says 2 % were sent that were not",
	],
	[
		{ defect: "loses" },
		["delivered"],
		"a consumer that does one message's work twice and not another's",
	],
	[
		{ defect: "commits-less" },
		["lag-agrees"],
		"a consumer whose positions are not what it committed",
	],
];
for (const [params, checks, why] of planted)
	t.test(`${why} is caught by ${checks.join(" and ")}`, { skip: !wide }, async (t) => {
		const document = await withDefect(params);
		t.same(
			failed(document).filter((id) => id !== "recommendation-follows"),
			checks,
		);
		t.equal(document.verdict, "failed");
	});

t.test(
	"a consumer that commits before it has done the work loses what a crash takes",
	{ skip: !wide },
	async (t) => {
		const crash = { fault: "crash", faultMs: 1_500, strategy: "zipf", costUs: 4_000 };
		const document = await withDefect({ defect: "commits-early", ...crash });
		t.ok(failed(document).includes("delivered"));
		t.ok(
			metric(document, "passed_over_count", null as never) > 0,
			"messages that nobody worked on",
		);
	},
);

t.test("a producer that fails for 2 % has not offered its rate", { skip: !wide }, async (t) => {
	// A generator that was late says so, and no more.
	const late = ({ reasons }: RunDocument) =>
		reasons.some(({ code }) => code === "generator_saturated");
	let document = await withDefect({ defect: "fails" });
	for (let tries = 1; late(document) && tries < 5; tries++)
		document = await withDefect({ defect: "fails" });
	t.match(
		document.reasons.find(({ code }) => code === "offered_not_reached")?.message,
		/of \d+ operations due \d+ succeeded \(98\.0 %, at least 99 % are needed\)/,
	);
});
