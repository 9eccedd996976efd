import t from "tap";
import { plantedRuns, wide } from "../planted.ts";

// Defects planted into the consumer, each caught by its check. Only where SEEDS is set, as by `npm run test:defects`.
const file = new URL(
	"../../fixtures/scenarios/lake-defects/lake-defects.scenario.ts",
	import.meta.url,
).pathname;
const runs = plantedRuns(t, { file, services: "postgres", tries: 3 });

const rows = ["rows-equal-source", "tables-equal-source"];
const planted: [defect: string, checks: string[], why: string][] = [
	["unsent-is-null", rows, "what was not sent is taken for nothing"],
	["passes-over-truncates", [...rows, "each-change-once"], "truncates are passed over"],
	["old-keys-stay", rows, "the row of before a key changed stays"],
	["lsn-ahead", ["each-change-once"], "an LSN is ahead of the rows that it is committed with"],
	[
		"not-level",
		["no-half-transactions"],
		"tables that were left uneven come together in several batches",
	],
	["goes-back", ["goes-on-where-committed"], "a consumer goes on before where the tables are"],
	["adopts-garbage", ["no-garbage-visible"], "files of a dead consumer are committed by the next"],
	["eager-vacuum", ["readers-undisturbed"], "files are deleted that somebody reads"],
	[
		"compaction-leaves-one",
		rows,
		"compaction leaves a file that it has brought together with others",
	],
];
for (const [defect, checks, why] of planted)
	t.test(`${why}: caught by ${checks.join(" and ")}`, { skip: !wide }, async (t) => {
		const document = await runs.run({ defect });
		t.equal(document.verdict, "failed", JSON.stringify(document.reasons));
		const failed = document.checks.filter(({ ok, kind }) => ok === false && kind === "correctness");
		t.comment(failed.map(({ id, message }) => `${id}: ${message}`).join("\n"));
		for (const id of checks)
			t.ok(
				failed.some((check) => check.id === id),
				`${id} fails`,
			);
		t.equal(document.checks.find(({ id }) => id === "oracle-agrees")?.ok, true, "not the oracle");
	});
