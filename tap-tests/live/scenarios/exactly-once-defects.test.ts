import t from "tap";
import { plantedRuns, wide } from "../planted.ts";

// Defects planted into the sinks, each brought to light by the one failure that must, and caught by its check. Only where
// SEEDS is set, as by `npm run test:defects`: each is a run of its own.
const file = new URL(
	"../../fixtures/scenarios/once-defects/once-defects.scenario.ts",
	import.meta.url,
).pathname;
const defects = plantedRuns(t, { file, services: "postgres,kafka" });

const doubled = ["nothing-doubled", "results-match"];
const planted: [defect: string, sink: string, strike: string, checks: string[], why: string][] = [
	[
		"offsets-afterwards",
		"kafka",
		"kill at after-commit",
		doubled,
		"offsets that are committed after the transaction, and not in it",
	],
	[
		"offsets-before",
		"upsert",
		"kill at before-commit",
		["nothing-lost", "results-match"],
		"offsets that are committed before the work is done",
	],
	[
		"own-ids",
		"kafka",
		"freeze at before-commit",
		doubled,
		"a transactional id for each process, by which nobody is fenced",
	],
	[
		"no-memory",
		"kafka",
		"kill at after-commit",
		["results-match"],
		"balances that are not restored",
	],
	[
		"uncommitted-memory",
		"kafka",
		"kill at before-commit",
		["results-match"],
		"balances that are restored from transactions which were aborted",
	],
	[
		"no-fence",
		"postgres",
		"freeze at before-write",
		doubled,
		"a position that moves from wherever it is",
	],
	[
		"reversed",
		"kafka",
		"kill at after-commit",
		["nothing-reordered", "results-match"],
		"results that are written in another order",
	],
	[
		"says-aborted",
		"kafka",
		"kill at after-commit",
		["nothing-aborted-seen", "nothing-doubled", "results-match"],
		"results that are there although their attempt was aborted",
	],
];
for (const [defect, sink, strike, checks, why] of planted)
	t.test(`${why}: caught by ${checks.join(" and ")}`, { skip: !wide }, async (t) => {
		const document = await defects.run({ defect, sink, strike });
		const failed = document.checks
			.filter(({ ok, kind }) => ok === false && kind === "correctness")
			.map(({ id }) => id);
		t.same(failed.sort(), checks.toSorted(), JSON.stringify(document.checks));
		t.equal(document.verdict, "failed");
		t.match(document.faults, [{ state: "healed" }], "the failure struck where it was to");
	});
