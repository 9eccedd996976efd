import t from "tap";
import { cleanPairs, dropReason, type PairSignals } from "../../../daemon/compare/hygiene.ts";

const quiet: PairSignals = { stealPct: 0, generator: null, fingerprints: ["f", "f"] };

t.test("a pair is dropped for what the machine did, and says why", (t) => {
	const rows: [signals: Partial<PairSignals>, why: RegExp | null][] = [
		[{}, null],
		[{ stealPct: 5 }, null],
		[{ stealPct: 5.1 }, /5\.1 % of the processor was stolen/],
		[{ generator: "schedule lag p99 was 40 ms" }, /schedule lag/],
		[{ fingerprints: ["f", "g"] }, /fingerprint changed/],
	];
	for (const [signals, why] of rows) {
		const reason = dropReason({ ...quiet, ...signals });
		if (why === null) t.equal(reason, null);
		else t.match(reason, why);
	}
	t.end();
});

t.test("with more than a fifth dropped nothing can be told", (t) => {
	const pairs = (count: number, stolen: number) =>
		Array.from({ length: count }, (_, d) => ({
			d,
			signals: { ...quiet, stealPct: d < stolen ? 50 : 0 },
		}));
	t.match(cleanPairs(pairs(5, 1)), { dropped: [{ index: 0, why: /stolen/ }], tooMany: false });
	t.same(
		cleanPairs(pairs(5, 1)).kept.map(({ d }) => d),
		[1, 2, 3, 4],
	);
	t.equal(cleanPairs(pairs(9, 2)).tooMany, true);
	t.equal(cleanPairs([]).tooMany, false);
	t.end();
});
