import t from "tap";
import { effectScalePct } from "../../../daemon/report/charts/effect-bar.ts";
import type { ComparedMetric, Comparison } from "../../../daemon/report/comparison.ts";
import { comparisonPage, effectText } from "../../../daemon/report/comparison-page.ts";

const metric = (given: Partial<ComparedMetric>): ComparedMetric => ({
	name: "p99_us",
	case: null,
	unit: "us",
	direction: "lower",
	portability: "machine",
	value: 22_440,
	against: 20_400,
	range: null,
	effect: null,
	outcome: "same",
	suspected: false,
	why: "within 5 %",
	...given,
});

const comparison = (given: Partial<Comparison> = {}): Comparison => ({
	runId: "run-b",
	scenario: "retry-storm",
	verdict: "passed",
	repeats: [],
	against: { kind: "baseline", key: "size=small guard=on", seeds: [1, 2] },
	outcome: "regressed",
	notes: ["The scenario's <b>files</b> have changed."],
	metrics: [
		metric({ name: "same_us" }),
		metric({
			name: "told_us",
			outcome: "cannot_tell",
			effect: { worsePct: 10, lowPct: 2.7, highPct: 17.8 },
		}),
		metric({ name: "gone_us", against: null, outcome: "missing" }),
		metric({
			name: "lost_count",
			unit: "count",
			value: 3,
			against: 0,
			outcome: "regressed",
			why: "3 is worse than 0",
		}),
		metric({
			name: "grown_ratio",
			unit: "ratio",
			range: { min: 0.7, median: 0.8, max: 0.9, seeds: 5 },
			outcome: "cannot_tell",
			suspected: true,
		}),
	],
	...given,
});

t.test("a comparison says what came out, and what got worse first", (t) => {
	const html = comparisonPage(comparison(), []);
	t.match(html, "retry-storm run-b against the baseline for size=small guard=on (2 seeds)");
	t.match(
		html,
		/Regressed.*Of 5 metrics: 1 regressed, 1 missing, 2 can&#39;t be told, 1 the same\./s,
	);
	const order = ["lost_", "gone_", "told_", "grown_", "same_"].map((name) =>
		html.indexOf(`>${name}`),
	);
	t.same(
		order,
		[...order].sort((a, b) => a - b),
	);
	t.match(html, "+10.0 % [+2.7, +17.8]");
	t.match(html, /suspected.*0\.7 … 0\.9/s);
	t.match(html, "&#60;b&#62;files");
	t.notMatch(html, /The run itself|https?:|<script|undefined|NaN/);
	t.end();
});

t.test("a comparison says how the run itself went, and what it was run again for", (t) => {
	const html = comparisonPage(
		comparison({
			verdict: "invalid",
			repeats: ["run-c"],
			against: { kind: "run", runId: "run-a" },
		}),
		[],
	);
	t.match(html, "The run itself is invalid.");
	t.match(html, "run-b against run-a");
	t.match(html, "Run again to be sure: run-c.");
	t.match(
		comparisonPage(comparison({ metrics: [], outcome: "missing" }), []),
		"There was no metric to compare.",
	);
	t.end();
});

t.test("both sides' percentiles are drawn where they are known", (t) => {
	const points = [50, 99].map((percentile) => ({
		percentile,
		us: 1_000,
		lowUs: null,
		highUs: null,
	}));
	const curves = ["baseline", "run-b"].map((label) => ({
		label,
		load: "orders",
		case: null,
		points,
	}));
	const html = comparisonPage(comparison(), curves);
	t.match(html, 'stroke="var(--purple)"');
	t.match(html, 'stroke="var(--blue)"');
	t.end();
});

t.test("an effect has its sign; without an interval it stands alone", (t) => {
	t.equal(effectText({ effect: { worsePct: -29.14, lowPct: null, highPct: null } }), "−29.1 %");
	t.equal(effectText({ effect: null }), "–");
	t.equal(effectScalePct([]), 10, "noise fills no bar");
	t.equal(effectScalePct([{ effect: { worsePct: 3, lowPct: -40, highPct: 5 } }]), 40);
	t.end();
});
