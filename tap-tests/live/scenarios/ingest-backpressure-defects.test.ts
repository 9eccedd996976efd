import t from "tap";
import { plantedRuns, wide } from "../planted.ts";

// Defects planted into an ingest service and its clients, each caught by its check. Only where SEEDS is set, as by `npm
// run test:defects`: each is a run of its own.
const file = new URL(
	"../../fixtures/scenarios/ingest-defects/ingest-defects.scenario.ts",
	import.meta.url,
).pathname;
const defects = plantedRuns(t, { file, services: "postgres,kafka" });

/** Checks that count, and that no machine is too slow for. */
const counted: [defect: string, checks: string[], why: string][] = [
	["loses", ["stored-once", "contents-match"], "a store that says that it has what it has not"],
	["skips-the-log", ["contents-match", "log-first"], "an event that is stored and not in the log"],
	["alters", ["contents-match"], "a row that is not what was sent"],
	["stores-more", ["stored-once", "log-first"], "a row that nobody asked for"],
	["no-bound", ["queue-bounded"], "a queue without bound"],
	["no-importance", ["important-first"], "a queue that knows no importance"],
	["no-deadlines", ["deadlines-kept"], "a service that works for who has given up"],
	["silent-refusals", ["refusals-say-when"], "a refusal that does not say when to come again"],
];
for (const [defect, checks, why] of counted)
	t.test(`${why} is caught by ${checks.join(" and ")}`, { skip: !wide }, async (t) => {
		const document = await defects.run({ defect });
		const failed = document.checks.filter(
			({ ok, kind, shapedBy }) => ok === false && kind === "correctness" && shapedBy === null,
		);
		t.same(
			failed.map(({ id }) => id),
			checks,
			failed.map(({ id, message }) => `${id}: ${message}`).join("\n"),
		);
		t.equal(document.verdict, "failed");
	});

/** Timing shapes these: a machine that was too late tells nothing. */
const shaped: [defect: string, check: string, why: string][] = [
	["no-limit", "downstream-errors", "a service that sends its store whatever comes"],
	["no-contract", "within-contract", "a client that sends more than its contract allows"],
	["no-budget", "retry-amplification", "clients that retry without a budget"],
];
for (const [defect, id, why] of shaped)
	t.test(`${why} is caught by ${id}`, { skip: !wide }, async (t) => {
		const document = await defects.run({ defect });
		const check = document.checks.find((check) => check.id === id)!;
		if (check.ok === null) t.pass(`${check.message}: not told here`);
		else t.equal(check.ok, false, check.message);
	});
