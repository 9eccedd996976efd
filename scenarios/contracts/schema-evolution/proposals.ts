import { pick, type Stream, stream, type Truth } from "faultline";
import type { RecordSchema } from "./avro.ts";
import { type ChangeName, changeNames, changes } from "./changes.ts";
import { firstSchema } from "./first-schema.ts";
import { type ColumnProblem, columnProblemsOf, unwritable } from "./oracle/can-follow.ts";
import { type Problem, problemsOf } from "./oracle/can-read.ts";
import { isPromised, type Rule, rules } from "./rules.ts";

/** A subject of the registry for each rule. */
export function subjectOf(rule: Rule): string {
	return `orders-${rule.toLowerCase().replaceAll("_", "-")}`;
}

/** A schema that somebody wants to be the next version, and what that is by the rule of its subject. */
export interface Proposal {
	n: number;
	rule: Rule;
	change: ChangeName;
	schema: RecordSchema;
	truth: Truth;
}

/**
 * What is proposed to the registry, one after another, of a seed: each is a change of the last schema that was rightly
 * accepted, so that what is proposed hangs on nothing that the registry does. Made as far as they are asked for.
 */
export class Proposals {
	readonly #draw: Stream;
	readonly #histories = new Map<Rule, RecordSchema[]>(rules.map((rule) => [rule, [firstSchema]]));
	readonly #made: Proposal[] = [];

	constructor(seed: number) {
		this.#draw = stream(seed, "changes");
	}

	at(n: number): Proposal {
		while (this.#made.length <= n) this.#made.push(this.#next(this.#made.length));
		return this.#made[n]!;
	}

	#next(n: number): Proposal {
		const rule = rules[n % rules.length]!;
		const history = this.#histories.get(rule)!;
		const { change, schema } = changed(history.at(-1)!, this.#draw);
		const truth = truthOf(rule, history, schema, change);
		if (truth.kind !== "violating") history.push(schema);
		return { n, rule, change, schema, truth };
	}
}

/** So many of them. */
export function proposalsOf(seed: number, count: number): Proposal[] {
	const proposals = new Proposals(seed);
	return Array.from({ length: count }, (_, n) => proposals.at(n));
}

/** Harmful changes are as likely as others: of the kinds, about half break one side or the other. */
function changed(schema: RecordSchema, draw: Stream) {
	for (;;) {
		const change = pick(draw, changeNames);
		const copy = structuredClone(schema);
		if (changes[change](draw, copy)) return { change, schema: copy };
	}
}

function truthOf(
	rule: Rule,
	history: readonly RecordSchema[],
	next: RecordSchema,
	change: ChangeName,
): Truth {
	const problem = firstProblem(rule, history, next);
	if (problem !== null) return { kind: "violating", place: problem.place, rule: problem.rule };
	return change === "meaning-changed" ? { kind: "outside" } : { kind: "harmless" };
}

/** Of the new schema itself, then of the newest version on. */
function firstProblem(rule: Rule, history: readonly RecordSchema[], next: RecordSchema) {
	const place = history.length;
	const [itself] = unwritable(next);
	if (itself !== undefined) return itself;
	for (const [other, schema] of [...history.entries()].reverse()) {
		const backward = isPromised(rule, place, other) ? inTheWay(next, schema) : null;
		const problem = backward ?? (isPromised(rule, other, place) ? inTheWay(schema, next) : null);
		if (problem !== null) return problem;
	}
	return null;
}

/** In Avro, else in Parquet. */
function inTheWay(reader: RecordSchema, writer: RecordSchema): Problem | ColumnProblem | null {
	return worstOf(problemsOf(reader, writer)) ?? columnProblemsOf(reader, writer)[0] ?? null;
}

/** What can't be read at all is told before what would be misunderstood. */
function worstOf(problems: readonly Problem[]): Problem | null {
	const unreadable = problems.find(({ rule }) => rule !== "meaning-differs");
	return unreadable ?? problems[0] ?? null;
}
