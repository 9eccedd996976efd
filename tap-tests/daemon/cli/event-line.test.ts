import t from "tap";
import type { FaultRecord } from "../../../chaos/injection.ts";
import { eventLine } from "../../../daemon/cli/event-line.ts";
import { ended } from "../../../daemon/host/check-end.ts";
import type { RunEventBody } from "../../../daemon/record/events.ts";
import { view } from "../record/interval.ts";

const fault = { kind: "timeout", on: "db", state: "injected", seen: ["a", "b"] } as FaultRecord;
const check = {
	id: "exactly-once",
	case: null,
	kind: "correctness",
	shapedBy: null,
	...ended("held"),
	expected: null,
	actual: null,
	message: "none lost",
} as const;

t.test("each event is a line with its time, but for those that are too many", (t) => {
	const rows: [body: RunEventBody, line: string | null][] = [
		[{ type: "state", state: "steady", case: null }, "    1.50 s  steady"],
		[{ type: "state", state: "steady", case: "key-1k" }, "    1.50 s  steady (key-1k)"],
		[{ type: "fault", fault }, "    1.50 s  fault timeout on db: injected (b)"],
		[
			{ type: "fault", fault: { ...fault, seen: [], state: "planned" } },
			"    1.50 s  fault timeout on db: planned",
		],
		[
			{ type: "alert", rule: "few", change: "fired", case: null, origin: "plan" },
			"    1.50 s  alert few fired",
		],
		[
			{ type: "alert", rule: "few", change: "acknowledged", by: "ana", case: null, origin: "plan" },
			"    1.50 s  alert few acknowledged by ana",
		],
		[{ type: "check", check }, "    1.50 s  check exactly-once: ok, none lost"],
		[
			{ type: "check", check: { ...check, ...ended("failed") } },
			"    1.50 s  check exactly-once: FAILED, none lost",
		],
		[
			{ type: "check", check: { ...check, ...ended("threw") } },
			"    1.50 s  check exactly-once: threw, none lost",
		],
		[{ type: "log", message: "hello" }, "    1.50 s  hello"],
		[{ type: "end", state: "done", verdict: "passed", reasons: [] }, "    1.50 s  verdict passed"],
		[{ type: "end", state: "crashed", verdict: null, reasons: [] }, "    1.50 s  verdict –"],
		[
			{
				type: "end",
				state: "crashed",
				verdict: "invalid",
				reasons: [{ code: "crashed", message: "no room" }],
			},
			"    1.50 s  verdict invalid\n            crashed: no room",
		],
		[{ type: "phase", phase: "steady", case: null }, null],
		[{ type: "interval", interval: view(0) }, null],
	];
	for (const [body, line] of rows)
		t.equal(eventLine({ id: 1, ms: 1_500, ...body }), line, line ?? body.type);
	t.end();
});
