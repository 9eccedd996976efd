import t from "tap";
import { plantedRuns, wide } from "../planted.ts";

// Defects planted into a replay and the protection of its sink, each caught by its check. Only where SEEDS is set, as by
// `npm run test:defects`: each is a run of its own.
const file = new URL(
	"../../fixtures/scenarios/replay-defects/replay-defects.scenario.ts",
	import.meta.url,
).pathname;
const defects = plantedRuns(t, { file, services: "postgres,kafka" });

const planted: [defect: string, checks: string[], why: string][] = [
	["loses-live", ["live-once"], "a live write that nobody has, and that was accepted"],
	["loses-batches", ["backlog-once", "contents-match"], "a batch that the sink has not"],
	["leaves-out", ["contents-match"], "a batch without one of its messages"],
	[
		"sends-twice",
		["backlog-once", "contents-match"],
		"a batch that comes again under another name",
	],
	["old-over-new", ["newest-wins"], "a replayed value that takes the place of a newer one"],
	["replay-first", ["live-first"], "a gate that lets the replay go first"],
	["no-protection", ["sink-protected"], "a replay at full speed"],
];
for (const [defect, checks, why] of planted)
	t.test(`${why} is caught by ${checks.join(" and ")}`, { skip: !wide }, async (t) => {
		const document = await defects.run({ defect });
		const failed = document.checks.filter(({ ok, kind }) => ok === false && kind === "correctness");
		// What has not come may have been the newest of its key.
		const others = failed.filter(({ id }) => checks.includes(id) || id !== "newest-wins");
		t.same(
			others.map(({ id }) => id),
			checks,
			failed.map(({ id, message }) => `${id}: ${message}`).join("\n"),
		);
		t.equal(document.verdict, "failed");
	});

t.test(
	"a ramp that does not look at the sink is caught by backs-off",
	{ skip: !wide },
	async (t) => {
		const document = await defects.run({ defect: "no-backing-off" });
		const check = document.checks.find(({ id }) => id === "backs-off")!;
		// Of time: a machine that was too late tells nothing.
		if (check.ok === null) t.pass(`${check.message}: not told here`);
		else t.equal(check.ok, false, check.message);
	},
);
