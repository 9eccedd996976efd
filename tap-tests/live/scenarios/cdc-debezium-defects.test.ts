import t from "tap";
import { unfetched } from "../fetched.ts";
import { plantedRuns, wide } from "../planted.ts";

// Defects planted into the consumer of Debezium's topic, each caught by its check. Only where SEEDS is set, as by `npm run
// test:defects`, and Connect is in the cache: each is a run of its own.

t.setTimeout(880_000);
const file = new URL(
	"../../fixtures/scenarios/lake-defects/lake-defects.scenario.ts",
	import.meta.url,
).pathname;
const runs = plantedRuns(t, { file, services: "postgres,kafka", tries: 2 });
const lacking = await unfetched({ needs: ["connect"], tools: [] });
const skip =
	!wide ||
	(lacking.length > 0 && "connect is not in the cache; npm run test:components fetches it");

const rows = ["rows-equal-source", "tables-equal-source"];
const planted: [defect: string, checks: string[], why: string][] = [
	["none", [], "nothing: a consumer that is right"],
	["truncates-are-skipped", [...rows, "each-change-once"], "the connector leaves truncates out"],
	["unsent-is-text", rows, "what stands for a cell that was not sent is taken for its text"],
	["old-keys-stay", rows, "a key that is changed is a create and no more"],
	[
		"half-comes-later",
		["no-half-transactions", "each-change-once"],
		"the tables of a transaction come apart",
	],
	["applies-again", ["each-change-once"], "what is sent again is applied again"],
	["leaves-some-out", ["each-change-once"], "a start leaves some transactions out"],
	["snapshot-lacks-last", rows, "the last row of a snapshot is not taken"],
	["lsn-ahead", ["tables-equal-source"], "an LSN is ahead of the rows that it is committed with"],
];
for (const [defect, checks, why] of planted)
	t.test(`${why}: caught by ${checks.join(" and ") || "no check"}`, { skip }, async (t) => {
		const document = await runs.run({ engine: "debezium", defect });
		const failed = document.checks.filter(({ ok, kind }) => ok === false && kind === "correctness");
		t.comment(failed.map(({ id, message }) => `${id}: ${message}`).join("\n"));
		t.equal(
			document.verdict,
			checks.length === 0 ? "passed" : "failed",
			JSON.stringify(document.reasons),
		);
		for (const id of checks)
			t.ok(
				failed.some((check) => check.id === id),
				`${id} fails`,
			);
		t.equal(document.checks.find(({ id }) => id === "oracle-agrees")?.ok, true, "not the oracle");
	});
