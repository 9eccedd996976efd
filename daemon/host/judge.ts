import { messageOf } from "../../base/errors.ts";
import { type Chart, pointsMax, type Series, seriesMax } from "../../scenarios/contract/chart.ts";
import type { Judged } from "../../scenarios/contract/facts.ts";
import type { Check, Judgement, Metric } from "../../scenarios/contract/judgement.ts";
import { ended } from "./check-end.ts";
import type { Outlooks } from "./corners.ts";
import type { ChartOutcome, CheckOutcome, Conclusions, MetricOutcome } from "./protocol.ts";

/**
 * Runs a scenario's checks, metrics and charts over plain facts: those of a case, or of all (`caseId` null). One that
 * throws is reported as such and stops no other; one that a generator in time may have ended otherwise is left open.
 */
export function judge<F>(
	{ checks = {}, metrics = {}, charts = {} }: Judgement<F>,
	facts: F,
	caseId: string | null,
	outlooks: Outlooks<F> = { corners: [], beyond: null, starved: null },
): Conclusions {
	return {
		checks: Object.entries(checks)
			.filter(([, check]) => isAbout(check, facts))
			.map(([id, check]) => ({
				...identityOf(id, check, caseId),
				...doubted(check, judgedBy(check, facts), outlooks),
			})),
		metrics: Object.entries(metrics).map(([name, { measure, ...spec }]) => ({
			name,
			case: caseId,
			value: measuredBy(measure, facts),
			censored: false,
			...spec,
		})),
		charts: Object.entries(charts).map(([id, { series: _, ...chart }]) => ({
			id,
			case: caseId,
			...chart,
			...drawnBy(charts[id]!, facts),
		})),
	};
}

/** The checks that are about none of these cases: what is left out of each must not be taken for what held. */
export function aboutNone<F>({ checks = {} }: Judgement<F>, cases: readonly F[]): CheckOutcome[] {
	return Object.entries(checks)
		.filter(([, check]) => cases.length > 0 && !cases.some((facts) => isAbout(check, facts)))
		.map(([id, check]) => ({
			...identityOf(id, check, null),
			...ended("cannot_tell"),
			expected: null,
			actual: null,
			message: "it is about no case of this run",
		}));
}

function identityOf<F>(id: string, check: Check<F>, caseId: string | null) {
	return { id, case: caseId, kind: check.kind, shapedBy: shapeOf(check) };
}

/** One that can't say what it is about is judged, and then tells why. */
function isAbout<F>(check: Check<F>, facts: F): boolean {
	try {
		return check.about?.(facts) ?? true;
	} catch {
		return true;
	}
}

function shapeOf<F>(check: Check<F>): CheckOutcome["shapedBy"] {
	return check.kind === "performance" ? "timing" : (check.shapedBy ?? null);
}

type JudgedCheck = Omit<CheckOutcome, "id" | "case" | "kind" | "shapedBy">;

/** What was told stands only if it does however the generator's lateness is taken. */
function doubted<F>(
	check: Check<F>,
	told: JudgedCheck,
	{ corners, beyond, starved }: Outlooks<F>,
): JudgedCheck {
	if (told.outcome !== "held" && told.outcome !== "failed") return told;
	const open = (why: string, openBy: "lateness" | "others" = "lateness"): JudgedCheck => ({
		...told,
		...ended("cannot_tell", openBy),
		message: `${told.message}; ${why}`,
	});
	if (beyond !== null && shapeOf(check) === "timing") return open(beyond);
	// What others took made it slower, never quicker: what holds nevertheless is told.
	const isSlow = check.kind === "performance" && told.outcome === "failed";
	if (starved !== null && isSlow) return open(starved, "others");
	const others = corners.map((corner) => judgedBy(check, corner));
	const other = others.find(({ outcome }) => outcome !== told.outcome);
	return other === undefined ? told : open(`with a generator in time perhaps: ${other.message}`);
}

function judgedBy<F>(check: Check<F>, facts: F): JudgedCheck {
	try {
		check.about?.(facts);
		const judged = check.judge(facts);
		const { ok, expected, actual, message } = judged;
		const isEmpty = ok === true && overOf(check, judged) === 0;
		return isEmpty
			? {
					...ended("cannot_tell"),
					expected,
					actual,
					message: `${message}; nothing was there to judge`,
				}
			: { ...endOf(ok), expected, actual, message };
	} catch (error) {
		const message = `the check threw: ${messageOf(error)}`;
		return { ...ended("threw"), expected: null, actual: null, message };
	}
}

/** Of how many things it was told, null where it is about no set: whoever leaves that out could pass over nothing at all. */
function overOf<F>(check: Check<F>, judged: Judged): number | null {
	if (check.kind === "performance") return null;
	const over = "over" in judged ? judged.over : undefined;
	if (typeof over === "number" || over === null) return over;
	throw new Error(
		`it holds, but gave no \`over\`, how many things it judged, null where it is about no set, but ${typeof over}`,
	);
}

function endOf(ok: Judged["ok"]): ReturnType<typeof ended> {
	if (typeof ok === "boolean") return ended(ok ? "held" : "failed");
	if (ok === "cannot_tell") return ended(ok);
	if (ok === "cannot_tell_here") return ended("cannot_tell", "others");
	// Such as an async check's promise: it would count as neither failed nor thrown, and so as passed.
	throw new Error(`it gave no ok, true, false or "cannot_tell", but ${typeof ok}`);
}

/** One that can't be computed does not exist; its absence shows as null, never as 0. */
function measuredBy<F>(measure: Metric<F>["measure"], facts: F): MetricOutcome["value"] {
	try {
		const value = measure(facts);
		return Number.isFinite(value) ? value : null;
	} catch {
		return null;
	}
}

function drawnBy<F>(chart: Chart<F>, facts: F): Pick<ChartOutcome, "series" | "problem"> {
	try {
		const series = chart.series(facts);
		const problem = tooMuch(series);
		return { series: problem === null ? series : [], problem };
	} catch (error) {
		return { series: [], problem: `it threw: ${messageOf(error)}` };
	}
}

function tooMuch(series: readonly Series[]): string | null {
	if (series.length > seriesMax)
		return `it has ${series.length} lines, and at most ${seriesMax} are told apart`;
	const long = series.find(({ points }) => points.length > pointsMax);
	return long === undefined
		? null
		: `its line "${long.label}" has ${long.points.length} points, at most ${pointsMax} are kept`;
}
