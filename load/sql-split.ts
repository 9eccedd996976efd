/** Text in which a semicolon ends nothing: comments, literals, quoted names, and what is between dollar quotes. */
const opaque =
	/--[^\n]*|'[^']*(?:''[^']*)*'|"[^"]*(?:""[^"]*)*"|(?<![\w$])(\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)[\s\S]*?\1/giuy;
const escaped = /(?<![\w$])e'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'/giy;
const word = /[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/giy;

/** The statements of a text of SQL, without the semicolons between them; what has nothing but comments is none. */
export function splitSql(text: string): string[] {
	const found: string[] = [];
	let start = 0;
	let depth = 0;
	let words: string[] = [];
	const end = (at: number) => {
		if (words.length > 0 || bare(text.slice(start, at)) !== "")
			found.push(text.slice(start, at).trim());
		start = at + 1;
		depth = 0;
		words = [];
	};
	for (let at = 0; at < text.length; ) {
		const passed = past(text, at);
		if (passed > at) {
			at = passed;
			continue;
		}
		word.lastIndex = at;
		const [name] = word.exec(text) ?? [];
		if (name !== undefined) {
			words.push(name.toLowerCase());
			depth += nesting(words);
			at += name.length;
			continue;
		}
		if (text[at] === "(") depth++;
		else if (text[at] === ")") depth--;
		else if (text[at] === ";" && depth <= 0) end(at);
		at++;
	}
	end(text.length);
	return found;
}

/** The end of the comment, literal or quoted name that begins here; the place itself where none does. */
function past(text: string, at: number): number {
	if (text.startsWith("/*", at)) return pastComment(text, at);
	for (const pattern of [escaped, opaque]) {
		pattern.lastIndex = at;
		const [match] = pattern.exec(text) ?? [];
		if (match !== undefined) return at + match.length;
	}
	return at;
}

/** Comments nest in Postgres. */
function pastComment(text: string, from: number): number {
	let depth = 0;
	for (let at = from; at < text.length; at++) {
		if (text.startsWith("/*", at)) depth++;
		else if (text.startsWith("*/", at)) depth--;
		else continue;
		at++;
		if (depth === 0) return at + 1;
	}
	return text.length;
}

/** What the last word does to the depth: the body of a function between `begin atomic` and `end` is one statement. */
function nesting(words: readonly string[]): number {
	if (words[0] !== "create") return 0;
	switch (words.at(-1)) {
		case "atomic":
			return words.at(-2) === "begin" ? 1 : 0;
		case "case":
			return words.includes("atomic") ? 1 : 0;
		case "end":
			return words.includes("atomic") ? -1 : 0;
		default:
			return 0;
	}
}

/** The statement without the comments and white space before it. */
function bare(statement: string): string {
	let at = 0;
	while (at < statement.length) {
		if (/\s/.test(statement[at]!)) at++;
		else if (statement.startsWith("--", at) || statement.startsWith("/*", at))
			at = past(statement, at);
		else break;
	}
	return statement.slice(at);
}

export type TransactionPart = "begins" | "ends" | "within";

/** What a statement does to its connection's transaction. */
export function transactionPart(statement: string): TransactionPart {
	const text = bare(statement);
	if (/^(begin|start\s+transaction)\b/i.test(text)) return "begins";
	if (/^prepare\s+transaction\b/i.test(text)) return "ends";
	if (/^(commit|rollback)\s+prepared\b|^rollback\s+((work|transaction)\s+)?to\b/i.test(text))
		return "within";
	return /^(commit|end|rollback|abort)\b/i.test(text) ? "ends" : "within";
}
