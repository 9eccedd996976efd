import t from "tap";
import { estimate, noiseOf } from "../../../daemon/compare/estimate.ts";
import { quickLooks } from "../../../daemon/compare/looks.ts";
import { Nights, noiseOfP50, noiseOfP99 } from "../../../daemon/compare/simulation/model.ts";
import { flaggedPct, pipelineRates } from "../../../daemon/compare/simulation/rates.ts";

const replicates = 600;

t.test("false alarms are as few as they should be, and real changes are found", (t) => {
	for (const pairs of [1, 3, 10]) {
		const none = flaggedPct(noiseOfP99, { pairs, shiftLog: 0, replicates });
		t.ok(none < 4.5, `${pairs} pairs: ${none} % of nothing`);
	}
	const found = flaggedPct(noiseOfP50, { pairs: 5, shiftLog: Math.log(1.1), replicates });
	t.ok(found > 94, `${found} % of +10 %`);
	t.end();
});

t.test("a method that takes its noise for less than it is would be caught", (t) => {
	const nights = new Nights(1);
	let flagged = 0;
	for (let i = 0; i < replicates; i++) {
		const { variance, df } = noiseOf(nights.history(noiseOfP99));
		const scale = nights.scale();
		const d = Array.from({ length: 3 }, () => nights.session(noiseOfP99, scale, 0));
		if (estimate(d, { variance: variance / 4, df })!.pWorse <= 0.025) flagged += 1;
	}
	t.ok(flagged > 0.055 * replicates, `${flagged} of ${replicates}`);
	t.end();
});

t.test(
	"over four gates and three looks any false alarm is rare; the numbers are the same each time",
	(t) => {
		const rates = pipelineRates(quickLooks, null, replicates);
		t.ok(rates.anyFalsePct < 4.5, `${rates.anyFalsePct} %`);
		t.same(pipelineRates(quickLooks, null, replicates), rates);
		const worse = pipelineRates(quickLooks, { gate: "p99", shiftLog: Math.log(1.25) }, replicates);
		t.ok(worse.verdicts.p99.regressed > 88);
		t.ok(worse.meanPairs < rates.meanPairs, "it stops as soon as it knows");
		t.end();
	},
);
