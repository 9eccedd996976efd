import t from "tap";
import type { Reason, ReasonCode, RunDocument } from "../../../daemon/record/document.ts";
import { againOf, blamesMachine, triesText } from "../../../daemon/record/tries.ts";
import { runDocument } from "./run-document.ts";

t.test(
	"a machine is to blame only where nothing else is to be said of an invalid run",
	async (t) => {
		const reason = (code: ReasonCode): Reason => ({ code, message: code });
		const late: RunDocument["timings"] = {
			state: "late",
			latenessMs: 30,
			why: ["lag"],
			machine: null,
		};
		const starved = { ...late, state: "clean" as const, machine: { othersPct: 60, waitedPct: 90 } };
		const clean = { ...late, state: "clean" as const, why: [] };
		const rows: [codes: ReasonCode[], timings: RunDocument["timings"], blamed: boolean][] = [
			[["generator_late"], clean, true],
			[["generator_late", "host_busy"], clean, true],
			[["steady_not_reached"], clean, false],
			[["steady_not_reached"], late, true],
			[["steady_not_reached"], starved, true],
			[["steady_not_reached", "generator_late"], late, true],
			[["host_late"], clean, false],
			[["host_late"], late, true],
			[["generator_late", "fault_no_effect"], late, false],
			[["cannot_tell"], late, false],
			[["stopped"], late, false],
			[["nothing_ok"], late, false],
			[[], late, false],
		];
		for (const [codes, timings, blamed] of rows) {
			const run = { verdict: "invalid" as const, reasons: codes.map(reason), timings };
			t.equal(blamesMachine(run), blamed, `${codes.join(" and ")}, ${timings.state}`);
			t.equal(blamesMachine({ ...run, verdict: "failed" }), false, "never what failed");
		}
	},
);

t.test("the tries before a run are told with why they told nothing", async (t) => {
	const reasons: Reason[] = [
		{ code: "generator_late", message: "a" },
		{ code: "generator_late", message: "b" },
		{ code: "host_busy", message: "c" },
	];
	const first = runDocument({ runId: "r1", reasons });
	t.equal(triesText(first.tries), null);
	const tries = againOf(first);
	t.same(tries, { before: [{ runId: "r1", why: "generator_late, host_busy" }], next: null });
	const third = againOf(runDocument({ runId: "r2", reasons: reasons.slice(2), tries }));
	t.equal(
		triesText(third),
		"try 3: r1 was invalid (generator_late, host_busy), r2 was invalid (host_busy)",
	);
});
