import t from "tap";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { eventOf, type LiveDaemon, liveDaemon, triedOnce } from "../daemon.ts";

// Defects planted into an ingest service and its clients, each caught by its check. Only where SEEDS is set, as by `npm
// run test:defects`: each is a run of its own.
const wide = process.env.SEEDS !== undefined;

let daemon: LiveDaemon;
t.before(async () => {
	if (wide) daemon = await liveDaemon(t, { flags: ["--services", "postgres,kafka"] });
});

const file = new URL(
	"../../fixtures/scenarios/ingest-defects/ingest-defects.scenario.ts",
	import.meta.url,
).pathname;

async function withDefect(defect: string): Promise<RunDocument> {
	const { runId } = await daemon.client.post<{ runId: string }>("/runs", {
		file,
		params: { size: "small", defect, ...triedOnce },
	});
	await eventOf(daemon.client, runId, (event) => event.type === "end");
	return daemon.client.run(runId);
}

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
		const document = await withDefect(defect);
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
		const document = await withDefect(defect);
		const check = document.checks.find((check) => check.id === id)!;
		if (check.ok === null) t.pass(`${check.message}: not told here`);
		else t.equal(check.ok, false, check.message);
	});
