import t from "tap";
import { abandoned } from "../../../daemon/record/abandoned.ts";
import { runDocument } from "./run-document.ts";

const at = "2026-01-01T00:01:00.000Z";

t.test("a run whose daemon ended before it did is told as crashed, with where it was", (t) => {
	const left = runDocument({ state: "steady", verdict: null, endedAt: null, reasons: [] });
	t.match(abandoned(left, at), {
		state: "crashed",
		verdict: "invalid",
		asExpected: false,
		endedAt: at,
		reasons: [{ code: "crashed", message: "the daemon ended while the run was steady" }],
	});
	const late = { code: "generator_late", message: "late" } as const;
	const ended = "2026-01-01T00:00:30.000Z";
	const cleaning = runDocument({ state: "cleaning", endedAt: ended, reasons: [late] });
	const told = abandoned(cleaning, at);
	t.equal(told.endedAt, ended, "its own end, where it had come to it");
	t.match(told.reasons, [late, { code: "crashed" }], "beside what it had found out");
	const done = runDocument({ state: "done", verdict: "passed" });
	t.equal(abandoned(done, at), done, "one that came to its end is as it was");
	t.end();
});
