import t from "tap";
import type { FaultRecord } from "../../../chaos/injection.ts";
import { operationThen, thenText } from "../../../scenarios/kit/faults-then.ts";

const record = (id: string, injectedMs: number | null, healedMs: number | null): FaultRecord => ({
	id,
	kind: "kill",
	on: "worker",
	case: null,
	params: {},
	plannedFromMs: 0,
	plannedToMs: 0,
	injectedMs,
	provedMs: null,
	healedMs,
	cleanMs: null,
	state: "healed",
	seen: [],
});
const struck = { ...record("kill-2", 5_000.4, 8_000.6), at: { subject: "worker", step: "commit" } };
const faults = [
	record("kill-1", 1_000, 2_000),
	struck,
	record("kill-3", null, 9_000),
	record("kill-4", 9_500, null),
];
const times = (startedMs: number, endedMs: number) => ({
	intendedMs: startedMs - 2,
	startedMs,
	endedMs,
});
const during = (startedMs: number, endedMs: number) =>
	operationThen("o", times(startedMs, endedMs), faults).faults.map(({ id }) => id);

t.test("a fault was in force during an operation where any of it was", (t) => {
	const rows: [startedMs: number, endedMs: number, ids: string[], why: string][] = [
		[100, 900, [], "over before"],
		[900, 1_000, ["kill-1"], "until the very instant"],
		[1_200, 1_300, ["kill-1"], "all the time"],
		[2_000, 2_100, ["kill-1"], "begun at the last"],
		[2_001, 4_999, [], "in between"],
		[1_900, 5_100, ["kill-1", "kill-2"], "of both"],
		[8_500, 9_400, [], "one that was never injected counts for nothing"],
		[20_000, 20_001, ["kill-4"], "one that was not healed lasts"],
	];
	for (const [startedMs, endedMs, ids, why] of rows) t.same(during(startedMs, endedMs), ids, why);
	t.end();
});

t.test("in words it is when the operation was, and what was in force, or came nearest", (t) => {
	const text = (startedMs: number, endedMs: number, of = faults) =>
		thenText(operationThen("order-7", times(startedMs, endedMs), of), of);
	t.equal(
		text(5_120, 5_130),
		"order-7 was due at 5118 ms, started at 5120 ms and ended at 5130 ms, while kill on worker at commit (kill-2, from 5000 ms to 8001 ms) was in force",
	);
	t.match(text(4_900, 4_960), /when no fault was in force; the nearest was kill on worker at/);
	t.match(
		text(2_100, 2_200),
		/; the nearest was kill on worker \(kill-1, from 1000 ms to 2000 ms\)$/,
	);
	t.match(text(9_900, 9_901), /while kill on worker \(kill-4, from 9500 ms on\) was in force$/);
	t.match(text(5, 6, []), /ended at 6 ms; the run had no fault$/);
	t.end();
});
