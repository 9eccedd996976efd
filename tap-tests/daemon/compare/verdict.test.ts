import fc from "fast-check";
import t from "tap";
import { type Estimate, estimate } from "../../../daemon/compare/estimate.ts";
import {
	benjaminiHochberg,
	bodyMarginLog,
	holm,
	judgeAdvisory,
	judgeGates,
	tailMarginLog,
} from "../../../daemon/compare/verdict.ts";
import { noise, pairs } from "./vectors.ts";

const example = { marginLog: tailMarginLog, estimate: estimate(pairs, noise) };
const nothing = { marginLog: bodyMarginLog, estimate: estimate([0, 0, 0], noise) };

t.test(
	"the worked example is regressed as the only gate, and can't be told as one of four",
	(t) => {
		t.same(judgeGates([example], 0.012), ["regressed"]);
		t.equal(judgeGates([example, nothing, nothing, nothing], 0.012)[0], "cannot_tell");
		t.end();
	},
);

t.test("Holm stops at the first that fails", (t) => {
	t.same(holm([0.004, 0.001, 0.02, 0.5], 0.016), [true, true, false, false]);
	t.same(
		holm([0.006, 0.0001, 0.0001, 0.0001], 0.016),
		[true, true, true, true],
		"the last has all",
	);
	t.same(holm([0.0041, 0.0042, 0.0043, 0.0044], 0.016), [false, false, false, false]);
	t.same(holm([0.016], 0.016), [true], "as much as it may be");
	t.same(holm([], 0.016), []);
	t.end();
});

t.test("Benjamini–Hochberg takes all up to the greatest that is within its share", (t) => {
	t.same(benjaminiHochberg([0.01, 0.02, 0.029, 0.9], 0.04), [true, true, true, false]);
	t.same(benjaminiHochberg([0.021, 0.02, 0.03, 0.04], 0.04), [true, true, true, true]);
	t.same(benjaminiHochberg([0.5, 0.6], 0.04), [false, false]);
	t.same(benjaminiHochberg([0.021, 0.9], 0.04), [false, false], "the first of two has half");
	t.equal(judgeAdvisory([example, nothing], 0.012)[0], "regressed");
	t.end();
});

const made = (given: Partial<Estimate>): Estimate => ({
	pairs: 10,
	meanLog: 0,
	sdLog: 0.1,
	df: 17,
	pWorse: 0.5,
	pBetter: 0.5,
	lowLog: 0,
	highLog: 0,
	...given,
});

t.test("what is certain but too small to matter is no regression", (t) => {
	const rows: [given: Partial<Estimate>, wanted: string, why: string][] = [
		[{ meanLog: 0.01, pWorse: 1e-9, lowLog: 0.009, highLog: 0.011 }, "same", "1 %, for certain"],
		[{ meanLog: -0.01, pBetter: 1e-9, lowLog: -0.011, highLog: -0.009 }, "same", "nor better"],
		[{ meanLog: 0.03, pWorse: 1e-9, lowLog: 0.02, highLog: 0.04 }, "regressed", "over half of 5 %"],
		[{ meanLog: -0.03, pBetter: 1e-9, lowLog: -0.04, highLog: -0.02 }, "improved", "mirrored"],
		[{ meanLog: 0.2, pWorse: 0.2, lowLog: -0.2, highLog: 0.6 }, "cannot_tell", "too noisy"],
		[{ lowLog: -0.04, highLog: 0.04 }, "same", "within 5 % on both sides"],
		[{ lowLog: -0.04, highLog: 0.05 }, "cannot_tell", "over 5 % on one"],
		[{ lowLog: -0.06, highLog: 0.04 }, "cannot_tell", "or on the other"],
	];
	for (const [given, wanted, why] of rows)
		t.same(judgeGates([{ marginLog: bodyMarginLog, estimate: made(given) }], 0.01), [wanted], why);
	t.same(judgeGates([{ marginLog: bodyMarginLog, estimate: null }], 0.01), ["cannot_tell"]);
	for (const [pWorse, wanted] of [
		[0.019, "regressed"],
		[0.021, "cannot_tell"],
	] as const) {
		const advisory = made({ pWorse, meanLog: 0.2, lowLog: -0.1, highLog: 0.5 });
		const told = judgeAdvisory([{ marginLog: bodyMarginLog, estimate: advisory }], 0.01);
		t.same(told, [wanted], "one that only advises may spend twice as much");
	}
	t.end();
});

t.test("exchanged sides: what regressed has improved, and else nothing changes", (t) => {
	const series = fc.array(fc.double({ min: -0.2, max: 0.3, noNaN: true }), {
		minLength: 3,
		maxLength: 20,
	});
	const mirror = { regressed: "improved", improved: "regressed" } as Record<string, string>;
	fc.assert(
		fc.property(fc.array(series, { minLength: 1, maxLength: 4 }), (gates) => {
			const judged = (sign: number) =>
				judgeGates(
					gates.map((d) => ({
						marginLog: bodyMarginLog,
						estimate: estimate(
							d.map((value) => sign * value),
							{ variance: 0.0025, df: 8 },
						),
					})),
					0.016,
				);
			const back = judged(-1);
			return judged(1).every((verdict, i) => (mirror[verdict] ?? verdict) === back[i]);
		}),
	);
	t.end();
});
