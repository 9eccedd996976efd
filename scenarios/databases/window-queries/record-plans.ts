import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RecordedPlans, withPlansOf } from "./plans.ts";
import type { Observed } from "./record.ts";

// Accepts the plans that runs saw: `node scenarios/databases/window-queries/record-plans.ts .faultline/runs/RUN…`. What was
// recorded of the sizes that they have is replaced, so name runs of several seeds.

const path = new URL("plans.json", import.meta.url);
const recorded = JSON.parse(readFileSync(path, "utf8")) as RecordedPlans;
const observed = process.argv.slice(2).flatMap((folder) => {
	const outcome = JSON.parse(readFileSync(join(folder, "outcome.json"), "utf8")) as {
		cases: { observed: Observed }[];
	};
	return outcome.cases.map((each) => each.observed);
});
const majors = [...new Set(observed.map(({ postgres }) => postgres))];
if (majors.length !== 1)
	throw new Error(`these runs are of Postgres ${majors.join(", ") || "none"}`);
const accepted = withPlansOf(
	recorded,
	majors[0]!,
	observed.flatMap(({ work }) => work),
);
writeFileSync(path, `${JSON.stringify(accepted, null, "\t")}\n`);
