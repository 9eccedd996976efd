/** A rule of the suite that a batch breaks, and where. */
export type Finding = {
	columns: string[];
	rule: string;
	/** In a few words: how many rows, such as which. */
	detail: string;
};

/** What the validator says of a batch; `ms`: validating it, and writing its page. */
export type Verdict =
	| { kind: "passed"; ms: Laps }
	| { kind: "blocked"; findings: Finding[]; page: string; ms: Laps }
	/** It has no answer, for a reason that is not in the batch: ask again. */
	| { kind: "none"; reason: string };

export type Laps = { validate: number; page: number };

/** A staged batch, as the validator is asked about it. */
export interface Question {
	batch: number;
	table: string;
	/** `2026-01-31`. */
	day: string;
	rowCount: number;
}

/** `quantity.in_range`, or the rule alone where it is about the batch as a whole. */
export function ruleId({ columns, rule }: Pick<Finding, "columns" | "rule">): string {
	return [...columns, rule].join(".");
}

/** The one message that people read: each rule that the batch breaks, with its place. */
export function errorText(findings: readonly Finding[]): string {
	return findings
		.map(({ columns, rule, detail }) => `${["sales", ...columns].join(".")}: ${rule}: ${detail}`)
		.join("; ");
}

/** Asks the validator at this address; what comes between, and what it says of itself, is no verdict. */
export function validatorAt(url: string, patienceMs: number) {
	return async (question: Question): Promise<Verdict> => {
		try {
			const response = await fetch(`${url}/validate`, {
				method: "POST",
				body: JSON.stringify(question),
				signal: AbortSignal.timeout(patienceMs),
			});
			const said = (await response.json()) as Said;
			return response.status === 200 && "verdict" in said
				? verdictOf(said)
				: {
						kind: "none",
						reason: `the validator: ${"reason" in said ? said.reason : response.status}`,
					};
		} catch (error) {
			const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
			return { kind: "none", reason: `the validator: ${String(cause)}` };
		}
	};
}

type Said =
	| { verdict: "passed" | "blocked"; findings: Finding[]; page: string | null; tookMs: Laps }
	| { reason: string };

/** What blocks has findings and a page, and what passes has neither; anything else is no verdict. */
function verdictOf({
	verdict,
	findings,
	page,
	tookMs: ms,
}: Extract<Said, { verdict: string }>): Verdict {
	if (verdict === "passed" && findings.length === 0) return { kind: "passed", ms };
	if (verdict === "blocked" && findings.length > 0 && page !== null)
		return { kind: "blocked", findings, page, ms };
	return { kind: "none", reason: `the validator: ${verdict} with ${findings.length} findings` };
}
