import t from "tap";
import type { RunDocument } from "../../../daemon/record/document.ts";
import type { RunEvent } from "../../../daemon/record/events.ts";
import { upgraded, upgradedEvent } from "../../../daemon/record/upgrade.ts";
import { runDocument } from "./run-document.ts";

const old = (ok: boolean | null) => ({ id: "rows", case: null, kind: "correctness", ok });

t.test("a check of an older record ended as its ok says", (t) => {
	const stored = { ...runDocument(), checks: [old(true), old(false), old(null)] };
	t.same(
		upgraded(stored as unknown as RunDocument).checks.map(({ ok, outcome }) => [ok, outcome]),
		[
			[true, "held"],
			[false, "failed"],
			[null, "threw"],
		],
	);
	const kinds = ["correctness", "performance"].map((kind) => ({ ...old(true), kind }));
	t.same(
		upgraded({ ...stored, checks: kinds } as unknown as RunDocument).checks.map(
			({ shapedBy }) => shapedBy,
		),
		[null, "timing"],
		"what was counted was required of every schedule",
	);
	const event = { type: "check", check: old(null) } as unknown as RunEvent;
	t.match(upgradedEvent(event), { check: { outcome: "threw" } });
	t.end();
});

t.test("what a record of today says is left as it is", (t) => {
	const open = { ...old(null), shapedBy: "timing", outcome: "cannot_tell" };
	const stored = { ...runDocument(), checks: [open] };
	t.match(upgraded(stored as unknown as RunDocument).checks, [{ ...open, openBy: "data" }]);
	const byLateness = { ...open, openBy: "lateness" };
	const late = { state: "late", latenessMs: 27, why: ["lag"], machine: null };
	const today = { ...stored, checks: [byLateness], timings: late } as unknown as RunDocument;
	t.match(upgraded(today), { checks: [byLateness], timings: late });
	const event = { type: "log", message: "hello" } as RunEvent;
	t.equal(upgradedEvent(event), event);
	t.end();
});

t.test("what made an older record invalid makes its timings late", (t) => {
	const { timings: _, ...stored } = runDocument({
		verdict: "invalid",
		reasons: [
			{ code: "generator_saturated", message: "schedule lag" },
			{ code: "steady_not_reached", message: "never" },
			{ code: "host_paused", message: "stood still" },
		],
	});
	t.same(upgraded(stored as RunDocument).timings, {
		state: "late",
		latenessMs: null,
		why: ["schedule lag", "stood still"],
		machine: null,
	});
	const { timings: __, ...good } = runDocument();
	t.match(upgraded(good as RunDocument).timings, { state: "clean", why: [] });
	t.end();
});

t.test("in an older record nothing was allowed to be broken for good", (t) => {
	const { allowDestructive: _, ...older } = runDocument();
	t.equal(upgraded(older as RunDocument).allowDestructive, false);
	t.equal(upgraded(runDocument({ allowDestructive: true })).allowDestructive, true);
	t.end();
});
