import t from "tap";
import { fault } from "../../../chaos/fault.ts";
import { faultsInARow } from "../../../scenarios/kit/faults-in-a-row.ts";

t.test("faults follow each other, with a rest between them", (t) => {
	const kill = (times: { fromMs: number; toMs: number }) => fault("kill", "gate", {}, times);
	const faults = faultsInARow([kill, kill, kill], { faultMs: 400, faultGapMs: 100 });
	t.same(
		faults.map(({ fromMs, toMs }) => [fromMs, toMs]),
		[
			[0, 400],
			[500, 900],
			[1_000, 1_400],
		],
	);
	t.same(faultsInARow([], { faultMs: 400, faultGapMs: 100 }), []);
	t.end();
});
