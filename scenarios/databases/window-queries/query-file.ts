import { readdirSync, readFileSync } from "node:fs";

/** A query as its file states it. */
export interface QueryFile {
	/** `01-running-total.sql`. */
	file: string;
	/** The same without number and ending. */
	id: string;
	question: string;
	parameters: Column[];
	columns: Column[];
	complexity: string;
	/** The band that the exponent of its time against the size of the table must lie in. */
	growth: { low: number; high: number };
	/** Null where it wants none. */
	index: WantedIndex | null;
	/** With `$1`, `$2` … for the parameters, in the order of `parameters`. */
	text: string;
}

/** The index that a query wants, and that is used for it on every table of so many rows or more. */
export interface WantedIndex {
	fromRows: number;
	/** As Postgres would name it. */
	name: string;
	/** Makes it, under that name. */
	statement: string;
}

export interface Column {
	name: string;
	/** As Postgres names it. */
	type: string;
}

const headings = ["question", "parameters", "columns", "complexity", "growth", "index"] as const;
type Heading = (typeof headings)[number];

/** All query files of a folder, by their numbers. */
export function readQueries(folder: URL): QueryFile[] {
	return readdirSync(folder)
		.filter((name) => name.endsWith(".sql"))
		.sort()
		.map((name) => parseQuery(name, readFileSync(new URL(name, folder), "utf8")));
}

/** Reads a query file; throws with what is wrong in its header or its parameters. */
export function parseQuery(file: string, source: string): QueryFile {
	const id = file.replace(/^\d+-|\.sql$/g, "");
	const header = headerOf(file, source);
	const parameters = columnsOf(header.parameters);
	const numbers = new Map(parameters.map(({ name }, i) => [name, i + 1]));
	const used = new Set<string>();
	const text = withNumbers(source, (name) => {
		const number = numbers.get(name);
		if (number === undefined) throw new Error(`${file}: no parameter "${name}" in the header`);
		used.add(name);
		return `$${number}`;
	});
	const unused = parameters.filter(({ name }) => !used.has(name));
	if (unused.length > 0)
		throw new Error(`${file}: ${unused.map(({ name }) => name).join(", ")} is not used`);
	return {
		file,
		id,
		question: header.question,
		parameters,
		columns: columnsOf(header.columns),
		complexity: header.complexity,
		growth: bandOf(file, header.growth),
		index: header.index.startsWith("none") ? null : indexOf(file, header.index),
		text,
	};
}

/** The first comment's `-- heading: …` lines; a line that begins further in goes on with the one above. */
function headerOf(file: string, source: string): Record<Heading, string> {
	const found = new Map<string, string>();
	let last = "";
	for (const line of source.split("\n")) {
		const [, heading, begin] = /^-- (\w+): +(\S.*)$/.exec(line) ?? [];
		const [, rest] = /^-- {2,}(\S.*)$/.exec(line) ?? [];
		if (heading !== undefined && begin !== undefined) {
			last = heading;
			found.set(last, begin);
		} else if (rest !== undefined && last !== "") found.set(last, `${found.get(last)} ${rest}`);
		else break;
	}
	const missing = headings.filter((heading) => !found.has(heading));
	if (missing.length > 0) throw new Error(`${file}: the header has no ${missing.join(", ")}`);
	return Object.fromEntries(found) as Record<Heading, string>;
}

function columnsOf(list: string): Column[] {
	return list.split(/, */).map((column) => {
		const space = column.indexOf(" ");
		return { name: column.slice(0, space), type: column.slice(space + 1) };
	});
}

/** `0.8..1.3, with any reason after a comma`. */
function bandOf(file: string, growth: string): { low: number; high: number } {
	const [, low, high] = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)(?:,|$)/.exec(growth) ?? [];
	if (low === undefined || high === undefined || Number(low) >= Number(high))
		throw new Error(`${file}: growth is "${growth}", and not a band such as 0.8..1.3`);
	return { low: Number(low), high: Number(high) };
}

/** `from 1000 rows on: create index on orders (region, amount_cents desc) include (category) where …`. */
function indexOf(file: string, index: string): WantedIndex {
	const [, fromRows, keys, included, rest] =
		/^from (\d+) rows on: create index on orders \(([^)]+)\)(?: include \(([^)]+)\))?(.*)$/.exec(
			index,
		) ?? [];
	if (fromRows === undefined || keys === undefined)
		throw new Error(
			`${file}: index is "${index}", and neither "none: why" nor such as "from 1000 rows on: create index on orders (region)"`,
		);
	const columns = [keys, ...(included === undefined ? [] : [included])].join(", ");
	const names = columns.split(/, */).map((column) => column.split(" ")[0]!);
	const name = ["orders", ...names, "idx"].join("_");
	const include = included === undefined ? "" : ` include (${included})`;
	const statement = `create index ${name} on orders (${keys})${include}${rest}`;
	return { fromRows: Number(fromRows), name, statement };
}

// What psql leaves alone too: comments, strings, quoted names, casts. Then its two ways to name a variable.
const tokens = /--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|::|:'(?<quoted>\w+)'|:(?<bare>[a-z_]\w*)/gi;

/** The statement with `numberOf(name)` in place of psql's `:name` and `:'name'`. */
export function withNumbers(source: string, numberOf: (name: string) => string): string {
	return source.replace(tokens, (...match) => {
		const { quoted, bare } = match.at(-1) as { quoted?: string; bare?: string };
		const name = quoted ?? bare;
		return name === undefined ? (match[0] as string) : numberOf(name);
	});
}
