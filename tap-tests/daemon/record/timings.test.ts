import t from "tap";
import { timingsOf } from "../../../daemon/judgement/timings.ts";
import { timingsText } from "../../../daemon/record/timings.ts";
import { summarize } from "../../../load/summary.ts";
import type { LoadFacts } from "../../../scenarios/contract/facts.ts";
import { runDocument } from "./run-document.ts";

const empty = summarize([], { fromMs: 0, toMs: 0 });
const row = (phase: LoadFacts["phase"], addedMs: number, hiddenMs = 0): LoadFacts => ({
	name: "orders",
	phase,
	counters: {},
	summary: {
		...empty,
		lateness: { ...empty.lateness!, added_us: 1_000 * addedMs, hidden_us: 1_000 * hiddenMs },
	},
});

t.test("timings are late where anything was, by the most of any phase after warm-up", async (t) => {
	const loads = [row("warming", 90), row("steady", 4.26), row("faulting", 1, 3), row("all", 90)];
	const clean = { state: "clean", latenessMs: 4.3, why: [], machine: null };
	t.same(timingsOf([{ late: [], loads, use: null }]), clean);
	const slow = { late: [], loads, use: { othersPct: 12.34, waitedPct: 3 } };
	const late = {
		late: ["lag"],
		loads: [row("steady", 1, 27)],
		use: { othersPct: 1, waitedPct: 7 },
	};
	t.same(timingsOf([slow, late]), {
		state: "late",
		latenessMs: 27,
		why: ["lag"],
		machine: { othersPct: 12.3, waitedPct: 7 },
	});
	t.same(timingsOf([]), { state: "clean", latenessMs: null, why: [], machine: null });
});

t.test("late timings are told in one line, with what depends on them", async (t) => {
	const timings = { state: "late" as const, latenessMs: 27, why: ["lag"], machine: null };
	t.equal(timingsText(runDocument()), null);
	t.equal(
		timingsText(runDocument({ timings })),
		"the generator was up to 27 ms late; no verdict depends on it; these timings are not compared",
	);
	t.match(
		timingsText(runDocument({ timings, reasons: [{ code: "generator_late", message: "p99" }] })),
		/what depends on it is named/,
	);
	t.match(
		timingsText(runDocument({ timings: { ...timings, latenessMs: null } })),
		/^the generator was late;/,
	);
});
