import { writeFileSync } from "node:fs";
import { compare } from "./comparison.ts";
import { readPrices } from "./prices.ts";
import { type Demands, recommendation } from "./recommend.ts";
import { traceOf } from "./trace.ts";

// Writes `recommendations.md` again: `node write-recommendations.ts`, in this folder, after prices have changed.

/** What is demanded unless somebody says something else. */
export const usualDemands: Demands = { savingsPct: 30, p95Ms: 250 };

/** The trace that the committed recommendations are of. */
const spec = { seed: 1, objects: 1_000, days: 180 };

/** The text of the committed file. */
export function recommendationsText(): string {
	const prices = readPrices();
	return [
		"# Recommendations",
		"",
		`For the synthetic trace of seed ${spec.seed}: ${spec.objects} objects over ${spec.days} days, at the prices of \`prices.json\`. What is`,
		"to be recommended for one's own data follows from one's own trace and prices, by the same rule (`recommend.ts`).",
		"",
		recommendation(compare(traceOf(spec), prices), usualDemands, prices),
	].join("\n");
}

if (import.meta.main)
	writeFileSync(new URL("recommendations.md", import.meta.url), recommendationsText());
