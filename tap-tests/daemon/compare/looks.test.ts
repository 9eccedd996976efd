import t from "tap";
import {
	fullLooks,
	type GateSeries,
	judgeSeries,
	quickLooks,
} from "../../../daemon/compare/looks.ts";
import { bodyMarginLog, tailMarginLog } from "../../../daemon/compare/verdict.ts";
import { noise, pairs } from "./vectors.ts";

const small = { variance: 0.0004, df: 8 };
const gate = (d: number[], more: Partial<GateSeries> = {}): GateSeries => ({
	name: "p50",
	marginLog: bodyMarginLog,
	noise: small,
	pairs: d,
	...more,
});
const times = (count: number, value: number) =>
	Array.from({ length: count }, (_, i) => value + (i % 2 === 0 ? 0.004 : -0.004));

t.test("nothing is judged before the first look, nor between two", (t) => {
	const four = judgeSeries([gate(times(4, 0.5))], fullLooks);
	t.match(four, { look: null, isFinal: false, gates: [{ verdict: "cannot_tell" }] });
	const behind = judgeSeries([gate(times(5, 0.5)), gate(times(4, 0.5))], fullLooks);
	t.match(behind, { look: null, isFinal: false }, "one gate has a pair less");
	const noisy = { noise, marginLog: tailMarginLog };
	const [five, nine] = [5, 9].map((count) =>
		judgeSeries([gate(pairs.slice(0, count), noisy)], fullLooks),
	);
	t.same(five, nine, "the sixth to ninth pair wait for their look");
	t.match(five, { look: { pairs: 5 }, isFinal: false });
	t.end();
});

t.test("it ends with a regression, with all the same, or with the last look", (t) => {
	t.match(judgeSeries([gate(times(20, 0.1))], fullLooks), {
		look: { pairs: 5 },
		isFinal: true,
		gates: [{ verdict: "regressed", estimate: { pairs: 5 } }],
	});
	t.match(judgeSeries([gate(times(20, 0)), gate(times(20, 0))], quickLooks), {
		look: { pairs: 3 },
		isFinal: true,
		gates: [{ verdict: "same" }, { verdict: "same" }],
	});
	const loud = gate(times(20, 0), { noise: { variance: 0.04, df: 8 }, name: "p99" });
	const undecided = judgeSeries([gate(times(20, 0)), loud], fullLooks);
	t.match(undecided, { look: { pairs: 20 }, isFinal: true }, "one of two is not all");
	t.same(
		undecided.gates.map(({ verdict }) => verdict),
		["same", "cannot_tell"],
	);
	t.match(judgeSeries([gate(times(5, -0.1))], fullLooks), {
		isFinal: false,
		gates: [{ verdict: "improved" }],
	});
	t.end();
});

t.test("asking after every pair says what asking once at the end says", (t) => {
	const series = [gate(times(20, 0.02)), gate(pairs.concat(pairs), { noise })];
	let judged = judgeSeries(
		series.map((one) => ({ ...one, pairs: [] })),
		fullLooks,
	);
	for (let n = 1; n <= 20 && !judged.isFinal; n++) {
		judged = judgeSeries(
			series.map((one) => ({ ...one, pairs: one.pairs.slice(0, n) })),
			fullLooks,
		);
	}
	t.same(judged, judgeSeries(series, fullLooks));
	t.ok(judged.isFinal);
	t.end();
});

t.test("the errors of the looks are the method's", (t) => {
	t.same(
		fullLooks.map(({ pairs, alpha }) => [pairs, alpha]),
		[
			[5, 0.009],
			[10, 0.012],
			[20, 0.016],
		],
	);
	t.same(
		quickLooks.map(({ pairs, alpha }) => [pairs, alpha]),
		[
			[3, 0.0083],
			[6, 0.0083],
			[10, 0.0083],
		],
	);
	t.end();
});
