import {
	acceptedOnce,
	type Check,
	countOf,
	digestsAgree,
	type Judgement,
	lostAndDoubled,
	noneWrong,
	tallyOf,
} from "faultline";
import type { IsolationFacts } from "./record.ts";

const noRowLeaks: Check<IsolationFacts> = {
	kind: "correctness",
	judge({ observed: { attacks } }) {
		const { count, first } = attacks.leaks;
		return {
			over: attacks.count,
			ok: count === 0,
			expected: { leakCount: 0 },
			actual: attacks.leaks,
			message:
				count === 0
					? `no answer to ${attacks.count} hostile requests of ${attacks.formCount} forms shows a row of another tenant`
					: `of ${attacks.count} hostile requests ${count} show rows of another tenant, the first: ${first[0]!.title} (tenant ${first[0]!.leaked.join(", ")}: ${first[0]!.sample})`,
		};
	},
};

const nothingTold: Check<IsolationFacts> = {
	kind: "correctness",
	judge({ observed: { attacks } }) {
		const { count, first } = attacks.told;
		const probes = attacks.byKind.probe ?? 0;
		return {
			over: probes,
			ok: count === 0,
			expected: { toldCount: 0 },
			actual: attacks.told,
			message:
				count === 0
					? `${probes} probes were answered the same about what is there and what is not`
					: `of ${probes} probes ${count} tell what is there, the first: ${first[0]!.title} (${first[0]!.present} against ${first[0]!.absent})`,
		};
	},
};

const doorClosed: Check<IsolationFacts> = {
	kind: "correctness",
	judge({ observed: { attacks } }) {
		const { admitted } = attacks;
		const tries = attacks.byKind.door ?? 0;
		return noneWrong({
			over: tries,
			wrong: admitted,
			held: `nobody came in without a token of his own in ${tries} tries`,
			broken: `in ${tries} tries ${admitted.length} came in without a token of their own`,
		});
	},
};

/** Not too much, and not too little: a policy that hides a tenant's own rows isolates well. */
const victimsSeeTheirOwn: Check<IsolationFacts> = {
	kind: "correctness",
	judge({ observed: { victims } }) {
		const { count, first } = victims.wrong;
		return {
			over: victims.readCount,
			ok: count === 0,
			expected: { wrongCount: 0 },
			actual: victims.wrong,
			message:
				count === 0
					? `all ${victims.readCount} reads of the other tenants had all of their own orders and no other`
					: `of ${victims.readCount} reads of the other tenants ${count} were wrong, the first: ${first[0]}`,
		};
	},
};

const everythingAudited: Check<IsolationFacts> = {
	kind: "correctness",
	judge({ observed: { audit } }) {
		const { answeredCount, missing, unaudited } = audit;
		const problems = [
			...(missing.count === 0
				? []
				: [`${missing.count} of them are not in it, the first: ${missing.first[0]}`]),
			...(unaudited.count === 0
				? []
				: [
						`${unaudited.count} orders are there that nobody is known to have asked for, the first: ${unaudited.first[0]}`,
					]),
		];
		return {
			over: answeredCount,
			ok: problems.length === 0,
			expected: { missingCount: 0, unauditedCount: 0 },
			actual: { missing, unaudited },
			message:
				problems.length === 0
					? `all ${answeredCount} statements that were answered are in the audit as they were sent, and so is every order that is there`
					: `of ${answeredCount} statements that were answered: ${problems.join("; ")}`,
		};
	},
};

/** What the attackers got. */
export const enforcement = {
	checks: {
		"no-row-leaks": noRowLeaks,
		"nothing-told": nothingTold,
		"door-closed": doorClosed,
		"victims-see-their-own": victimsSeeTheirOwn,
		"everything-audited": everythingAudited,
	},
	metrics: {
		enforcement_pct: {
			unit: "pct",
			direction: "higher",
			portability: "exact",
			measure: ({ observed: { attacks } }) =>
				attacks.count === 0
					? null
					: 100 * (1 - (attacks.leaks.count + attacks.told.count) / attacks.count),
		},
		leaked_row_count: countOf(({ observed }) => observed.attacks.leaks.count),
		existence_bit_count: countOf(({ observed }) => observed.attacks.told.count),
		attack_form_count: tallyOf(({ observed }) => observed.attacks.formCount),
		audit_coverage_pct: {
			unit: "pct",
			direction: "higher",
			portability: "exact",
			measure: ({ observed: { audit } }) =>
				audit.answeredCount === 0 ? null : 100 * (1 - audit.missing.count / audit.answeredCount),
		},
		open_channel_count: countOf(
			({ observed }) => Object.values(observed.openChannels).filter((isOpen) => isOpen).length,
		),
		overhead_pct: {
			unit: "pct",
			direction: "lower",
			portability: "machine",
			measure: ({ observed: { overheadRatio } }) =>
				overheadRatio === null ? null : 100 * (overheadRatio - 1),
		},
	},
} satisfies Judgement<IsolationFacts>;

/** What the others have. */
export const victimsWhole = [
	digestsAgree<IsolationFacts>(
		"victims-untouched",
		"rows of the other tenants",
		({ observed, expected }) => ({
			found: [observed.victims.rows],
			expected: [expected.victims.rows],
		}),
	),
	acceptedOnce<IsolationFacts>(
		"writes-kept",
		"orders of the other tenants",
		({ observed }) => observed.victims.writes,
	),
	lostAndDoubled<IsolationFacts>(({ observed }) => observed.victims.writes),
] as const;
