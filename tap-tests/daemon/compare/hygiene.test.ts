import t from "tap";
import { dropReason, type PairSignals, tooManyDropped } from "../../../daemon/compare/hygiene.ts";

const quiet: PairSignals = { stealPct: 0, generator: null };

t.test("a pair is dropped for what the machine did, and says why", (t) => {
	const rows: [signals: Partial<PairSignals>, why: RegExp | null][] = [
		[{}, null],
		[{ stealPct: 5 }, null],
		[{ stealPct: 5.1 }, /5\.1 % of the processor was stolen/],
		[{ generator: "schedule lag p99 was 40 ms" }, /schedule lag/],
	];
	for (const [signals, why] of rows) {
		const reason = dropReason({ ...quiet, ...signals });
		if (why === null) t.equal(reason, null);
		else t.match(reason, why);
	}
	t.end();
});

t.test("with more than a fifth dropped nothing can be told", (t) => {
	t.equal(tooManyDropped(1, 5), false);
	t.equal(tooManyDropped(2, 9), true);
	t.equal(tooManyDropped(0, 0), false);
	t.end();
});
