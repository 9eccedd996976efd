import t from "tap";
import { Pauses } from "../../../daemon/watch/pauses.ts";

const zeroNs = 7_000_000_000n;
const at = (ms: number) => zeroNs + BigInt(ms) * 1_000_000n;
const phases = [
	{ name: "warming" as const, case: null, fromMs: 1_000, toMs: 2_000 },
	{ name: "steady" as const, case: null, fromMs: 2_000, toMs: 4_000 },
	{ name: "faulting" as const, case: null, fromMs: 4_000, toMs: 5_000 },
];

t.test("a pause of the host is told where it lies in what was measured", (t) => {
	const rows: [fromMs: number, toMs: number, counts: boolean, why: string][] = [
		[0, 900, false, "before the load"],
		[1_100, 1_900, false, "in warm-up alone"],
		[1_900, 2_100, true, "it reaches into steady"],
		[3_000, 3_300, true, "within steady"],
		[4_900, 5_500, true, "it begins in the last phase"],
		[5_100, 5_500, false, "after all phases"],
	];
	for (const [fromMs, toMs, counts, why] of rows) {
		const pauses = new Pauses(zeroNs);
		pauses.see({ fromNs: at(fromMs), toNs: at(toMs) });
		const message = `the host stood still for ${toMs - fromMs} ms, ${fromMs} ms after the start`;
		t.same(pauses.within(phases), counts ? [message] : [], why);
	}
	t.end();
});
