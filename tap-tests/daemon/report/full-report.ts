import type { FaultRecord } from "../../../chaos/injection.ts";
import { ended } from "../../../daemon/host/check-end.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import type { MeteredInterval } from "../../../daemon/record/interval.ts";
import { RunStore } from "../../../daemon/record/store.ts";
import { readRecord } from "../../../daemon/report/record.ts";
import type { RunReport } from "../../../daemon/report/report.ts";
import { LoadSum } from "../../../load/summary.ts";
import type { PhaseName } from "../../../scenarios/contract/phase.ts";
import { encoded, report as reported, view } from "../record/interval.ts";
import { runDocument } from "../record/run-document.ts";

/** A second of a load in which so many operations took so long. */
export function interval(
	index: number,
	responsesMs: readonly number[],
	given: Parameters<typeof view>[1] = {},
	phases: MeteredInterval["phases"] = [],
): MeteredInterval {
	const sorted = [...responsesMs].sort((a, b) => a - b);
	return {
		view: view(index, {
			dueCount: 100,
			startedCount: responsesMs.length,
			okCount: responsesMs.length,
			responseP50Ms: sorted[Math.floor(sorted.length / 2)] ?? null,
			responseP99Ms: sorted.at(-1) ?? null,
			...given,
		}),
		responseUs: encoded(...responsesMs),
		serviceUs: encoded(...responsesMs),
		responseMaxUs: sorted.length === 0 ? null : sorted.at(-1)! * 1_000,
		phases,
	};
}

export function fault(given: Partial<FaultRecord> = {}): FaultRecord {
	return {
		id: "timeout-1",
		kind: "timeout",
		on: "db",
		case: null,
		params: {},
		plannedFromMs: 4_000,
		plannedToMs: 6_000,
		injectedMs: 4_003,
		provedMs: 4_208,
		healedMs: 6_012,
		cleanMs: 6_044,
		state: "healed",
		seen: ["an old connection: no answer in 202 ms"],
		...given,
	};
}

function loadOf(phase: PhaseName | "all", responsesMs: number[]): RunDocument["loads"][number] {
	const sum = new LoadSum({ fromMs: 0, toMs: 1_000 });
	for (const slice of reported(0, 0, {
		responsesMs,
		counts: { due: 1_234, started: 1_234, ok: 1_230, fail: 1, unknown: 3 },
	}).slices)
		sum.add(slice);
	return { name: "orders", case: null, phase, ...sum.summary(), counters: {} };
}

const twenty = Array.from({ length: 20 }, (_, i) => 5 + i);

/** A run with one of everything that a report can show, at `caseId`. */
export function fullReport(
	given: Partial<RunDocument> = {},
	caseId: string | null = null,
): RunReport {
	const mine = { case: caseId };
	const document = runDocument({
		scenario: "retry-storm",
		file: "/home/me/mine's.scenario.ts",
		params: { seed: 7, size: "small", guard: "on", ratePerSec: 50, note: "a b" },
		changed: { ratePerSec: 50, note: "a b" },
		seed: 7,
		size: "small",
		state: "done",
		verdict: "passed",
		asExpected: true,
		startedAt: "2026-01-01T10:00:00.000Z",
		endedAt: "2026-01-01T10:00:09.500Z",
		phases: [
			{ name: "warming", ...mine, fromMs: 0, toMs: 2_000 },
			{ name: "steady", ...mine, fromMs: 2_000, toMs: 4_000 },
			{ name: "faulting", ...mine, fromMs: 4_000, toMs: 6_000 },
			{ name: "recovering", ...mine, fromMs: 6_000, toMs: 8_500 },
		],
		faults: [fault(mine)],
		loads: [
			{ ...loadOf("steady", twenty), ...mine },
			{ ...loadOf("faulting", [...twenty, 300, 400]), ...mine, censored: ["response_us.p99"] },
			{ ...loadOf("all", twenty), ...mine, errors: { try_timeout: 3, gone: 1 } },
		],
		metrics: [
			{
				name: "mttr_ms",
				...mine,
				value: 3_500,
				unit: "ms",
				direction: "lower",
				portability: "machine",
				censored: false,
			},
			{
				name: "rows_lost_count",
				...mine,
				value: 0,
				unit: "count",
				direction: "lower",
				portability: "exact",
				censored: false,
			},
		],
		checks: [
			{
				id: "exactly-once",
				...mine,
				kind: "correctness",
				shapedBy: null,
				...ended("held"),
				expected: { lost: 0 },
				actual: { lost: 0, ratio: 0.123456789 },
				message: "of 540 accepted orders 0 are lost",
			},
		],
		alerts: [
			{
				rule: "orders-not-accepted",
				origin: "plan",
				...mine,
				score: null,
				firedMs: [5_003],
				resolvedMs: [7_000],
				acknowledgedMs: [null],
			},
		],
		environment: {
			fingerprint: "f00d",
			cpu: "A Processor",
			cores: 2,
			memoryBytes: 8 * 1024 ** 3,
			kernel: "6.1",
		},
		versions: { faultline: "0.1.0", node: "24.0.0" },
		...given,
	});
	const names = ["warming", "steady", "faulting", "recovering", "recovering"];
	const intervals = Array.from({ length: 9 }, (_, index) => {
		// Nothing ends while the link is dead.
		if (index === 5) return interval(index, [], { ...mine, failCount: 40, waiting: 60 });
		const due = [{ phase: names[Math.floor(index / 2)]!, responseUs: null }];
		return interval(
			index,
			index === 4 ? [300, 400] : twenty,
			{
				...mine,
				waiting: index === 6 ? 9 : 0,
			},
			due,
		);
	});
	return { document, intervals, charts: [], keptPages: [], others: [] };
}

/** The same, on the disk: the folder of a run in `runs`. */
export function storedRun(runs: string, given: Partial<RunDocument> = {}) {
	const { document, intervals } = fullReport(given);
	const store = new RunStore(runs);
	store.create(document);
	for (const one of intervals) store.appendInterval(document.runId, one);
	const folder = store.folderOf(document.runId);
	return { store, document, folder, read: () => readRecord(folder) };
}
