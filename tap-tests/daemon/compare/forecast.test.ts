import t from "tap";
import { estimate } from "../../../daemon/compare/estimate.ts";
import { detectableLog, pairsNeeded } from "../../../daemon/compare/forecast.ts";
import { sentenceOf } from "../../../daemon/compare/sentence.ts";
import { noise, pairs } from "./vectors.ts";

const example = estimate(pairs, noise)!;

t.test("the worked example would need 17 pairs for 10 %", (t) => {
	t.equal(pairsNeeded(example), 17);
	t.end();
});

t.test("less noise or a greater effect need fewer pairs; what never ends is null", (t) => {
	let last = 0;
	for (const sdLog of [0.01, 0.05, 0.1, 0.2, 0.4]) {
		const needed = pairsNeeded({ ...example, sdLog })!;
		t.ok(needed >= last, `${sdLog}: ${needed}`);
		last = needed;
	}
	t.ok(pairsNeeded(example, Math.log(1.25))! < 17);
	t.equal(pairsNeeded({ ...example, sdLog: 5 }), null);
	t.equal(pairsNeeded({ sdLog: 0.001, df: 2, pairs: 3 }), 3, "no history: no less than three");
	t.end();
});

t.test("what is detectable with the pairs that a forecast asks for is that effect", (t) => {
	const needed = pairsNeeded(example)!;
	const at = (n: number) => detectableLog({ ...example, df: 8 + n - 1, pairs: n });
	t.ok(at(needed) <= Math.log(1.1));
	t.ok(at(needed - 1) > Math.log(1.1));
	t.end();
});

t.test("the sentence says effect, interval, pairs, noise, verdict, and what would help", (t) => {
	t.equal(
		sentenceOf("p99", example, "cannot_tell"),
		"p99 +10.0% [+2.7, +17.8], 10 pairs, noise 10%/pair — cannot tell; ~7 more pairs would detect 10% four times in five.",
	);
	t.equal(
		sentenceOf("p99", example, "regressed"),
		"p99 +10.0% [+2.7, +17.8], 10 pairs, noise 10%/pair — regressed.",
	);
	const better = estimate(
		pairs.map((d) => -d),
		noise,
	)!;
	t.match(sentenceOf("p50", better, "improved"), /^p50 -9\.1% \[-15\.1, -2\.6\]/);
	t.match(sentenceOf("p50", { ...example, sdLog: 5 }, "cannot_tell"), /a thousand pairs would not/);
	const one = { ...example, pairs: 1, df: 8, meanLog: -0.0001 };
	t.match(sentenceOf("p50", one, "same"), /^p50 \+0\.0% .* 1 pair, /);
	t.match(sentenceOf("p50", null, "cannot_tell"), /too few pairs/);
	t.end();
});
