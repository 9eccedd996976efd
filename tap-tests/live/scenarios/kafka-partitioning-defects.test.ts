import t from "tap";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { plantedRuns, wide } from "../planted.ts";

// Defects planted into producer and consumer, each caught by its check. Only where SEEDS is set, as by `npm run
// test:scenarios`: each is a run of its own.
const failed = ({ checks }: RunDocument) =>
	checks.filter(({ ok }) => ok === false).map(({ id }) => id);
const file = new URL(
	"../../fixtures/scenarios/kafka-defects/kafka-defects.scenario.ts",
	import.meta.url,
).pathname;
const small = { sweep: "off", ratePerSec: 1_000 };
const defects = plantedRuns(t, { file, services: "kafka" });

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
		const document = await defects.run({ ...small, ...params });
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
		const document = await defects.run({ ...small, defect: "commits-early", ...crash });
		t.ok(failed(document).includes("delivered"));
		const passedOver = document.metrics.find(({ name }) => name === "passed_over_count");
		t.ok((passedOver?.value ?? 0) > 0, "messages that nobody worked on");
	},
);

t.test("a producer that fails for 2 % has not offered its rate", { skip: !wide }, async (t) => {
	const document = await defects.run({ ...small, defect: "fails" });
	t.match(
		document.reasons.find(({ code }) => code === "offered_not_reached")?.message,
		/of \d+ operations due \d+ succeeded \(9[78]\.\d %, at least 99 % are needed\)/,
	);
});
