import { quickLooks } from "../looks.ts";
import { simulate } from "./cells.ts";
import { noiseMeasuredHere } from "./model.ts";
import { pipelineRates } from "./rates.ts";

// `node main.ts REPLICATES`: the cells as JSON, for `npm run bench -- judgement`; and on standard error the rates with
// the noise that `npm run bench -- error-rates` has measured.
const replicates = Number(process.argv[2] ?? 2_000);
for (const pct of [0, 5, 10, 25]) {
	const worse = pct === 0 ? null : { gate: "p50" as const, shiftLog: Math.log(1 + pct / 100) };
	const rates = pipelineRates(quickLooks, worse, replicates, noiseMeasuredHere);
	console.error(
		`with the noise measured here, looks at 3, 6, 10, p50 +${pct} %: found in ${rates.verdicts.p50.regressed.toFixed(1)} %, any false alarm ${rates.anyFalsePct.toFixed(1)} %, ${rates.meanPairs.toFixed(1)} pairs`,
	);
}
console.log(JSON.stringify(simulate(replicates)));
