import t from "tap";
import { judgeByHistory, type Night } from "../../../daemon/compare/history.ts";
import { tailMarginLog } from "../../../daemon/compare/verdict.ts";

const latency = { direction: "lower", marginLog: tailMarginLog, resolution: 1 } as const;
const night = (value: number, fingerprint = "f"): Night => ({ value, fingerprint });
/** Nights that swing by this share around 100. */
const nights = (count: number, swing: number) =>
	Array.from({ length: count }, (_, i) => night(100 * (i % 2 === 0 ? 1 + swing : 1 / (1 + swing))));

t.test("fewer than ten nights on this machine tell nothing", (t) => {
	t.match(judgeByHistory(night(900), nights(9, 0.05), latency), {
		verdict: "cannot_tell",
		nights: 9,
		effect: null,
	});
	const others = nights(20, 0.05).map(({ value }) => night(value, "other"));
	t.match(judgeByHistory(night(900), [...others, ...nights(9, 0.05)], latency), {
		verdict: "cannot_tell",
		nights: 9,
	});
	t.end();
});

t.test("a night outside of what nights do is regressed or improved; inside it is not", (t) => {
	const rows: [value: number, swing: number, verdict: string, why: string][] = [
		[130, 0.05, "regressed", "far beyond 5 %"],
		[75, 0.05, "improved", "far below"],
		[108, 0.05, "cannot_tell", "8 % is within the swing, and over the margin"],
		[100, 0.02, "same", "quiet nights, and today one of them"],
		[100 / 1.08, 0.05, "cannot_tell", "so is as much less"],
		[104, 0.0001, "same", "certain, and too little to matter"],
		[100 / 1.04, 0.0001, "same", "nor is it better"],
		[106, 0.0001, "regressed", "certain, and over half of the margin"],
		[100 / 1.06, 0.0001, "improved", "as much better"],
	];
	for (const [value, swing, verdict, why] of rows)
		t.equal(judgeByHistory(night(value), nights(10, swing), latency).verdict, verdict, why);
	t.end();
});

t.test("the prediction interval is the textbook's", (t) => {
	const values = nights(10, 0.05);
	const { effect } = judgeByHistory(night(130), values, latency);
	const logs = values.map(({ value }) => Math.log(value));
	const mean = logs.reduce((a, b) => a + b) / 10;
	const sd = Math.sqrt(logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 9);
	const spread = sd * Math.sqrt(1.1);
	t.ok(Math.abs(effect!.meanLog - (Math.log(130) - mean)) < 1e-12);
	t.ok(Math.abs(effect!.highLog - effect!.meanLog - 2.2621572 * spread) < 1e-7);
	t.ok(Math.abs(effect!.meanLog - effect!.lowLog - 2.2621572 * spread) < 1e-7);
	t.end();
});

t.test("one night in a hundred is so far off, on either side", (t) => {
	const logs = Math.log(1.05);
	const spread = logs * Math.sqrt(10 / 9) * Math.sqrt(1.1);
	const at = (timesSpread: number) => {
		const today = night(100 * Math.exp(timesSpread * spread));
		return judgeByHistory(today, nights(10, 0.05), latency);
	};
	// The 99 % quantile of Student's t with 9 degrees of freedom is 2.8214379.
	t.ok(Math.abs(at(2.8214379).effect!.pWorse - 0.01) < 1e-6);
	t.same(
		[2.83, 2.81, -2.81, -2.83].map((timesSpread) => at(timesSpread).verdict),
		["regressed", "cannot_tell", "cannot_tell", "improved"],
	);
	t.end();
});

t.test("between nights that were all the same nothing is likely", (t) => {
	const same = Array.from({ length: 10 }, () => night(1));
	const { verdict, effect } = judgeByHistory(night(1), same, latency);
	t.equal(verdict, "same");
	t.same(effect, { meanLog: 0, lowLog: 0, highLog: 0, pWorse: 0.5 });
	t.end();
});

t.test("for throughput less is worse", (t) => {
	const throughput = { ...latency, direction: "higher" } as const;
	t.equal(judgeByHistory(night(75), nights(10, 0.05), throughput).verdict, "regressed");
	t.equal(judgeByHistory(night(130), nights(10, 0.05), throughput).verdict, "improved");
	t.end();
});
