import { chooseTable } from "./choose-table.ts";
import { agreementOf, type Content, changedIn, contentScore } from "./content.ts";
import {
	type Answer,
	columnsOf,
	type Field,
	type FieldSource,
	type Memory,
	type Rules,
	sourceText,
	tableItself,
} from "./mapping.ts";
import { nameScore } from "./names.ts";
import type { Question } from "./questions.ts";
import type { Column, Table } from "./shape.ts";
import { joinTypes, typeScore, typeSql } from "./types.ts";

/** How the source of a field was found. */
export type How = "exact" | "alias" | "rename" | "answer" | "default";

export interface Decision {
	field: Field;
	source: FieldSource;
	how: How;
	/** How sure that is; 1 where it was said and not guessed. */
	score: number;
}

export type Outcome =
	| { kind: "mapped"; table: Table; decisions: Decision[]; added: Column[] }
	| { kind: "asked"; questions: Question[] };

/** What is there now: the tables, and what the columns of each hold. */
export interface Seen {
	tables: readonly Table[];
	contentOf(table: string, column: string): Content | null;
}

/**
 * Where each field of the target comes from now: as somebody has answered, else as before, else by an alias, else by the
 * best of the new columns where that is sure. Of whatever is not sure it asks, and then nothing is mapped: a wrong guess
 * is worse than a stop. Pure.
 */
export function decide(
	rules: Rules,
	memory: Memory | null,
	seen: Seen,
	answers: readonly Answer[],
): Outcome {
	const answered = new Map(answers.map(({ field, source }) => [field, source]));
	const chosen = chooseTable(rules, memory, seen.tables, answered.get(tableItself));
	if ("question" in chosen) return { kind: "asked", questions: [chosen.question] };
	const { table } = chosen;
	const there = new Map(table.columns.map((column) => [column.name, column]));
	const fields = memory?.fields ?? rules.fields;
	const news = table.columns.filter(
		({ name }) => name !== rules.source.watermark && !isKnown(name, memory, fields),
	);
	const content = (column: string) => seen.contentOf(table.name, column);
	const found = fields.map((field) => {
		const answer = answered.get(field.name);
		if (answer !== undefined) return answeredField(field, answer, there);
		const before = memory?.sources[field.name] ?? { kind: "column", column: field.name };
		if (before.kind === "none") return absentField(field, news);
		if (!columnsOf(before).every((column) => there.has(column)))
			return missingField(field, before, { rules, memory, news, content });
		return knownField(field, before, { memory, there, content });
	});
	const questions = [
		...found.flatMap((one) => ("question" in one ? [one.question] : [])),
		...claimedTwice(found.flatMap((one) => ("decision" in one ? [one.decision] : []))),
	];
	if (questions.length > 0) return { kind: "asked", questions };
	const decisions = found.flatMap((one) => ("decision" in one ? [one.decision] : []));
	const taken = new Set(decisions.flatMap(({ source }) => columnsOf(source)));
	return { kind: "mapped", table, decisions, added: news.filter(({ name }) => !taken.has(name)) };
}

type Found = { decision: Decision } | { question: Question };

/** Columns that were there before are what they were, and can't be what is missing. */
function isKnown(name: string, memory: Memory | null, fields: readonly Field[]): boolean {
	return memory === null
		? fields.some((field) => field.name === name)
		: Object.hasOwn(memory.columns, name);
}

function answeredField(
	field: Field,
	source: FieldSource,
	there: ReadonlyMap<string, Column>,
): Found {
	const lacking = columnsOf(source).filter((column) => !there.has(column));
	if (lacking.length === 0) return { decision: { field, source, how: "answer", score: 1 } };
	return {
		question: {
			field: field.name,
			rule: "gone",
			candidates: [],
			text: `${field.name} is said to come from ${sourceText(source)}, but ${lacking.join(" and ")} is not there; answer with a column that is`,
		},
	};
}

/** Its column is where it was; but is it still the same? */
function knownField(
	field: Field,
	source: FieldSource,
	{
		memory,
		there,
		content,
	}: {
		memory: Memory | null;
		there: ReadonlyMap<string, Column>;
		content: (column: string) => Content | null;
	},
): Found {
	const decision = { field, source, how: "exact", score: 1 } as const;
	for (const name of columnsOf(source)) {
		const column = there.get(name)!;
		const before = memory?.columns[name];
		const wanted = before?.type ?? (source.kind === "column" ? field.type : column.type);
		if (joinTypes(wanted, column.type) === null)
			return {
				question: {
					field: field.name,
					rule: "type",
					candidates: [{ name, score: 0 }],
					text: `its column ${name} was ${typeSql(wanted)} and is ${typeSql(column.type)}, which can't be read as the same without knowing how; answer how`,
				},
			};
		const [was, is] = [before?.content ?? null, content(name)];
		if (was === null || is === null) continue;
		const elsewhere = whereItWent(name, was, memory!, content);
		const change = changedIn(was, is);
		if (change === null && elsewhere === null) continue;
		const candidates = elsewhere === null ? [] : [elsewhere];
		return {
			question: {
				field: field.name,
				rule: "content",
				candidates: [...candidates, { name, score: round(contentScore(was, is)) }],
				text: `its column ${name} has its name, but not what it held: ${elsewhere === null ? change : `that is in ${elsewhere.name} now`}; answer where ${field.name} comes from`,
			},
		};
	}
	return { decision };
}

/** Under this a column with a declared name is taken for something else. */
const alikeMin = 0.3;
/** From here on two columns have changed places. */
const movedMin = 0.8;

/** Another old column that holds now, key by key, what this one held, and which this one does not hold any more. */
function whereItWent(
	name: string,
	was: Content,
	memory: Memory,
	content: (column: string) => Content | null,
): { name: string; score: number } | null {
	const own = content(name);
	const kept = own === null ? null : agreementOf(was, own);
	if (kept === null || kept >= 0.5) return null;
	for (const other of Object.keys(memory.columns)) {
		if (other === name) continue;
		const is = content(other);
		const moved = is === null ? null : agreementOf(was, is);
		if (moved !== null && moved >= movedMin) return { name: other, score: round(moved) };
	}
	return null;
}

/** What the source has no more comes back under its own name or an alias, and is not looked for. */
function absentField(field: Field, news: readonly Column[]): Found {
	const back = news.find(({ name }) => name === field.name || field.aliases.includes(name));
	const isBack = back !== undefined && joinTypes(field.type, back.type) !== null;
	const source: FieldSource = isBack ? { kind: "column", column: back.name } : { kind: "none" };
	return { decision: { field, source, how: isBack ? "exact" : "default", score: 1 } };
}

/** Its column is gone: it may be one of the new ones. */
function missingField(
	field: Field,
	before: FieldSource,
	{
		rules,
		memory,
		news,
		content,
	}: {
		rules: Rules;
		memory: Memory | null;
		news: readonly Column[];
		content: (column: string) => Content | null;
	},
): Found {
	const old = columnsOf(before)[0] ?? field.name;
	const was = memory?.columns[old];
	const scored = news
		.map((column) => ({
			column,
			...scoreOf(column, old, was, field, rules, content(column.name)),
		}))
		.toSorted((a, b) => b.score - a.score);
	const taken = (column: Column, how: How, score: number): Found => ({
		decision: { field, source: { kind: "column", column: column.name }, how, score },
	});
	// An alias is a name that was declared; what it holds has to fit all the same.
	const alias = scored.find(({ column }) => field.aliases.includes(column.name));
	if (alias !== undefined && alias.holds >= alikeMin) return taken(alias.column, "alias", 1);
	const [best, second] = scored;
	const { accept, margin, suspect } = rules.limits;
	if (best !== undefined && best.score >= accept && best.score - (second?.score ?? 0) >= margin)
		return taken(best.column, "rename", round(best.score));
	const suspects = scored.filter(
		({ score, name, type }) => type > 0 && Math.max(score, name) >= suspect,
	);
	if (!field.required && suspects.length === 0)
		return { decision: { field, source: { kind: "none" }, how: "default", score: 1 } };
	const shown = suspects.length > 0 ? suspects : scored.slice(0, 4);
	const candidates = shown.map(({ column, score }) => ({
		name: column.name,
		score: round(score),
	}));
	const may =
		candidates.length === 0
			? "no new column is there that it could be"
			: `it may be ${candidates.map(({ name, score }) => `${name} (${score})`).join(" or ")}`;
	return {
		question: {
			field: field.name,
			rule: "gone",
			candidates,
			text: `its column ${old} is gone; ${may}; answer where ${field.name} comes from`,
		},
	};
}

/** Name × type × content, each from 0 to 1; the root of the name's, since a good name differs more than what it names. */
function scoreOf(
	column: Column,
	oldName: string,
	was: Memory["columns"][string] | undefined,
	field: Field,
	{ abbreviations }: Rules,
	is: Content | null,
): { score: number; name: number; type: number; holds: number } {
	const names = [oldName, field.name].map((name) => nameScore(name, column.name, abbreviations));
	const name = Math.max(...names);
	const type = typeScore(was?.type ?? field.type, column.type);
	const holds = was === undefined || is === null ? 1 : contentScore(was.content, is);
	// What stands at the same keys says more than any name.
	const moved = was === undefined || is === null ? null : agreementOf(was.content, is);
	const named = Math.sqrt(name) * type * holds;
	return {
		score: moved === null ? named : Math.max(named, type * moved * sureOfMoved),
		name,
		type,
		holds,
	};
}

/** The same values at the same keys, under a name that says nothing: nearly as good as a good name. */
const sureOfMoved = 0.9;

function claimedTwice(decisions: readonly Decision[]): Question[] {
	const byColumn = Map.groupBy(
		decisions.filter(({ source }) => source.kind === "column"),
		({ source }) => columnsOf(source)[0]!,
	);
	return [...byColumn].flatMap(([column, claims]) =>
		claims.length < 2
			? []
			: claims.map(({ field, score }) => ({
					field: field.name,
					rule: "claimed twice" as const,
					candidates: [{ name: column, score }],
					text: `${column} may be ${claims.map((claim) => claim.field.name).join(" or ")}; answer where ${field.name} comes from`,
				})),
	);
}

function round(score: number): number {
	return Math.round(score * 100) / 100;
}
