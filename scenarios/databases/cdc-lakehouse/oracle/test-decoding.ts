// What the plugin `test_decoding` says of a transaction, a line each, read by a grammar of its own:
//
//   BEGIN 747
//   table public.orders: UPDATE: old-key: id[bigint]:1 new-tuple: id[bigint]:2 note[text]:'it''s' more[text]:unchanged-toast-datum
//   table public.orders, public.customers: TRUNCATE: (no-flags)
//   message: transactional: 1 prefix: app, sz: 4 content:what
//   COMMIT 747

/** A cell that was not sent is undefined. */
export type DecodedRow = Record<string, string | null | undefined>;

export type Decoded =
	| { kind: "begin" | "commit" | "message" }
	| { kind: "insert"; table: string; row: DecodedRow }
	| { kind: "update"; table: string; old: DecodedRow | null; row: DecodedRow }
	| { kind: "delete"; table: string; old: DecodedRow }
	| { kind: "truncate"; tables: string[] };

const unchanged = "unchanged-toast-datum";

export function decode(line: string): Decoded {
	if (line.startsWith("BEGIN")) return { kind: "begin" };
	if (line.startsWith("COMMIT")) return { kind: "commit" };
	if (line.startsWith("message: ")) return { kind: "message" };
	const [, names, operation, rest] = /^table (.+?): ([A-Z]+): (.*)$/s.exec(line) ?? [];
	if (names === undefined || operation === undefined || rest === undefined)
		throw new Error(`test_decoding says what is not known: ${line.slice(0, 200)}`);
	const tables = names.split(", ").map((name) => name.replace(/^.*?\./, "").replaceAll('"', ""));
	const table = tables[0]!;
	switch (operation) {
		case "INSERT":
			return { kind: "insert", table, row: cellsIn(rest) };
		case "DELETE":
			return { kind: "delete", table, old: cellsIn(rest) };
		case "UPDATE": {
			if (!rest.startsWith("old-key: "))
				return { kind: "update", table, old: null, row: cellsIn(rest) };
			const [old, row] = tuplesIn(rest);
			return { kind: "update", table, old, row };
		}
		case "TRUNCATE":
			return { kind: "truncate", tables };
		default:
			throw new Error(`test_decoding tells of an operation that is not known: ${operation}`);
	}
}

/** `old-key: … new-tuple: …`; a text may hold these words as well, but not where a column's name is to stand. */
function tuplesIn(text: string): [old: DecodedRow, row: DecodedRow] {
	const old: DecodedRow = {};
	const rest = readCells(text.slice("old-key: ".length), old);
	return [old, cellsIn(rest.slice("new-tuple: ".length))];
}

function cellsIn(text: string): DecodedRow {
	const row: DecodedRow = {};
	const rest = readCells(text, row);
	if (rest !== "") throw new Error(`test_decoding goes on with ${rest.slice(0, 200)}`);
	return row;
}

const cellBegin = /("(?:[^"]|"")+"|[^\s[]+)\[((?:[^\]]|\[\])+)\]:/y;
const quotedCell = /[A-Z]?'((?:[^']|'')*)'/y;
const plainCell = /\S+/y;

/** Reads cells into a row, as long as there are; what is left of the text. */
function readCells(text: string, row: DecodedRow): string {
	let at = 0;
	for (;;) {
		cellBegin.lastIndex = at;
		const begin = cellBegin.exec(text);
		if (begin === null) return text.slice(at);
		at = cellBegin.lastIndex;
		const name = begin[1]!.replace(/^"(.*)"$/s, "$1").replaceAll('""', '"');
		quotedCell.lastIndex = at;
		const quoted = quotedCell.exec(text);
		if (quoted !== null) {
			row[name] = quoted[1]!.replaceAll("''", "'");
			at = quotedCell.lastIndex;
		} else {
			plainCell.lastIndex = at;
			const plain = plainCell.exec(text)?.[0] ?? "";
			row[name] = plain === "null" ? null : plain === unchanged ? undefined : plain;
			at = plainCell.lastIndex;
		}
		if (text[at] === " ") at += 1;
	}
}
