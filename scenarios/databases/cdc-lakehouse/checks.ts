import {
	type Check,
	countOf,
	type Facts,
	type Judgement,
	msOf,
	pctOf,
	shapedCount,
} from "faultline";
import { wrongCount } from "./diff.ts";
import { mebibyte } from "./held-log.ts";
import type { Expected, Observed } from "./observe.ts";
import type { Finding } from "./oracle/finding.ts";
import type { P } from "./params.ts";

export type LakeFacts = Pick<
	Facts<P, Observed, Expected>,
	"params" | "observed" | "expected" | "alerts"
>;

/** Told before a slot that nobody reads from has filled the disk. */
export const slotAlert = "slot-holds-the-log";

type Counted = Extract<Check<LakeFacts>, { kind: "correctness" }>;

/** Holds where nothing of all findings is wrong; `right` says of a count what that means, `wrong` what it was else. */
function nothingWrong(
	findingsIn: (facts: LakeFacts) => readonly Finding[],
	right: (count: number) => string,
	wrong: string,
): Counted {
	return {
		kind: "correctness",
		judge(facts) {
			const findings = findingsIn(facts);
			const count = findings.reduce((sum, finding) => sum + finding.count, 0);
			const wrongs = findings.reduce((sum, finding) => sum + finding.wrongCount, 0);
			const first = findings.find((finding) => finding.first !== null)?.first ?? null;
			return {
				over: count,
				ok: wrongs === 0,
				expected: { wrongCount: 0 },
				actual: { count, wrongCount: wrongs, first },
				message:
					wrongs === 0 ? right(count) : `of ${count} ${wrong}: ${wrongs}, the first: ${first}`,
			};
		},
	};
}

/** The newest version of each table, as a finding over its rows. */
function finalRows({ observed }: LakeFacts): Finding[] {
	return observed.final.map(({ table, diff }) => ({
		count: diff.rowCount + diff.lostCount,
		wrongCount: wrongCount(diff),
		first: diff.first === null ? null : `${table} ${diff.first}`,
	}));
}

const garbageFound = nothingWrong(
	({ observed }) => [observed.garbageHidden, observed.filesKept],
	(count) =>
		`of ${count} files none of a dead writer was ever in a version, and only those of the newest are left`,
	"files, those that are in a version and should not be, or the other way round",
);

/** What a vacuum would leave is not known where nobody has said that one is done. */
const noGarbage: Counted = {
	...garbageFound,
	judge(facts) {
		const found = garbageFound.judge(facts);
		if (found.ok !== true || facts.observed.vacuumed) return found;
		return {
			...found,
			ok: "cannot_tell_here",
			message:
				"the consumer has not said that its last vacuum is done: what it would leave is not known",
		};
	},
};

const lagBounded: Check<LakeFacts> = {
	kind: "performance",
	judge({ params, observed }) {
		const isSteady = observed.steadyLag.count > 0;
		const { p99Ms, count } = isSteady ? observed.steadyLag : observed.lag;
		return {
			ok: p99Ms === null ? "cannot_tell" : p99Ms <= params.lagMsMax,
			expected: { atMostMs: params.lagMsMax },
			actual: { p99Ms, count },
			message: `99 of 100 transactions were visible within ${p99Ms} ms of their commit${isSteady ? " before anything broke" : ""}`,
		};
	},
};

const slotTold: Check<LakeFacts> = {
	kind: "performance",
	judge({ params, observed: { heldLog }, alerts }) {
		const { fullAtMs, maxBytes } = heldLog;
		const firedMs = alerts.find(({ rule }) => rule === slotAlert)?.firedMs[0] ?? null;
		const held = `the slot held ${(maxBytes / mebibyte).toFixed(1)} of the ${params.logRoomMiB} MiB that there are`;
		return {
			ok: fullAtMs === null || (firedMs !== null && firedMs < fullAtMs),
			expected: { toldBeforeMs: fullAtMs },
			actual: { firedMs, maxBytes },
			message: `${held}; ${firedMs === null ? "nobody was told" : `it was told at ${Math.round(firedMs)} ms`}${fullAtMs === null ? "" : `, and full at ${Math.round(fullAtMs)} ms`}`,
		};
	},
};

export const lake: Judgement<LakeFacts> = {
	checks: {
		"oracle-agrees": nothingWrong(
			({ expected }) => [expected.replayed],
			(count) => `the log replayed by another plugin comes to what all ${count} source tables hold`,
			"source tables, those that the replayed log does not come to",
		),
		"tables-equal-source": nothingWrong(
			({ observed }) => [observed.readsEqual],
			(count) => `all ${count} reads had every row as it was in the source at their LSN`,
			"reads, those that had other rows than the source at their LSN",
		),
		"rows-equal-source": nothingWrong(
			finalRows,
			(count) => `all ${count} rows are in the end as the source's tables have them`,
			"rows in the end, those that are lost, stale, doubled or should not be",
		),
		"no-half-transactions": nothingWrong(
			({ observed }) => [observed.readsBalanced, observed.pinsLevel],
			(count) => `in all ${count} reads and LSNs that could be pinned the tables belong together`,
			"reads and LSNs that could be pinned, those with part of a transaction",
		),
		"each-change-once": nothingWrong(
			({ observed }) => [observed.changesCounted],
			(count) => `all ${count} commits bring just the changes that the source made in that stretch`,
			"commits, those that bring more or fewer changes than the source made",
		),
		"goes-on-where-committed": nothingWrong(
			({ observed }) => [observed.startsJoined],
			(count) => `all ${count} starts and commits go on where the tables were`,
			"starts and commits, those that go on elsewhere",
		),
		"no-garbage-visible": noGarbage,
		"readers-undisturbed": nothingWrong(
			({ observed }) => [observed.readsServed],
			(count) => `all ${count} reads came to their end beside commits, compaction and vacuum`,
			"reads, those that broke off",
		),
		"lag-bounded": lagBounded,
		"slot-told-in-time": slotTold,
	},
	metrics: {
		consistency_pct: pctOf("higher", ({ observed: { readsEqual } }) =>
			readsEqual.count === 0 ? null : 100 * (1 - readsEqual.wrongCount / readsEqual.count),
		),
		rows_lost_count: countOf(({ observed }) =>
			observed.final.reduce((sum, { diff }) => sum + diff.lostCount, 0),
		),
		rows_resurrected_count: countOf(({ observed }) =>
			observed.final.reduce((sum, { diff }) => sum + diff.foreignCount + diff.doubledCount, 0),
		),
		replication_lag_p50_ms: msOf(({ observed }) => observed.lag.p50Ms),
		replication_lag_p99_ms: msOf(({ observed }) => observed.lag.p99Ms),
		restore_ms: msOf(({ observed }) => observed.restoreMs),
		catch_up_rows_per_sec: {
			unit: "per_sec",
			direction: "higher",
			portability: "machine",
			measure: ({ observed }) => observed.catchUpRowsPerSec,
		},
		small_file_count: shapedCount(({ observed }) => observed.smallFileCount),
		write_amplification: {
			unit: "ratio",
			direction: "lower",
			portability: "bounded",
			measure: ({ observed }) =>
				observed.changeCount === 0 ? null : observed.rowsWrittenCount / observed.changeCount,
		},
	},
};
