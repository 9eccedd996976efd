import { type Import, parse } from "es-module-lexer";

/** The files that a source names, as it writes them. */
export interface References {
	/** Of imports, exports and `new URL(…, import.meta.url)`: relative URLs, as seen from the source. */
	modules: string[];
	/** Other literals that look like paths: a plan names its subjects so, as seen from the scenario. */
	paths: string[];
}

/** Begins as a relative path does, or ends as the file of a subject does. */
const pathLiteral =
	/(["'`])(?:\.\.?\/[^"'`\\\s()[\]{},;]*|[^/"'`\\\s()[\]{},;][^"'`\\\s()[\]{},;]*\.(?:ts|js|py|jar))\1/g;

/** What stands before `import.meta.url` in a `new URL`; it is looked for in so many characters. */
const urlBefore = /\bnew\s+URL\(\s*(["'`])((?:(?!\$\{)[^"'`\\\n])*)\1\s*,\s*$/;
const urlBeforeChars = 1_000;
const isAbsolute = /^(?:\/|[a-z][a-z0-9+.-]*:)/i;

/**
 * What a TypeScript or JavaScript source names by literals. Types vanish before it runs, so what only they name is left
 * out, and so is what is put together at run time. A source that can't be read as one names nothing.
 */
export function referencesIn(text: string): References {
	const named = lexed(text).map((found) => namedBy(text, found));
	// The lexer tells code from comments, text and types, but only where it sees an import: so it is shown each literal as
	// one, in a form that no source has.
	const shown = text.replaceAll(pathLiteral, (literal, _quote, at: number) =>
		named.some(({ from, to }) => at >= from && at < to) ? literal : `import.source(${literal})`,
	);
	return {
		modules: named.flatMap(({ url }) => url ?? []),
		paths: shown === text ? [] : lexed(shown).flatMap((found) => shownPath(found) ?? []),
	};
}

function lexed(text: string): readonly Import[] {
	try {
		return parse(text)[0];
	} catch {
		return []; // torn; importing it tells the mistake
	}
}

/** The relative URL that an import names, null where it names none that runs, and the part of the text that says it. */
function namedBy(text: string, found: Import): { url: string | null; from: number; to: number } {
	const place = { from: found.importStart, to: found.importEnd };
	switch (found.type) {
		case "static":
		case "reexport-star":
			return { ...place, url: found.typeOnly ? null : besideIt(found.specifier) };
		case "dynamic": {
			const isLiteral = !found.glob && !found.probablyTypeOnly;
			return { ...place, url: isLiteral ? besideIt(found.specifier) : null };
		}
		case "import-meta": {
			const before = text.slice(Math.max(0, place.from - urlBeforeChars), place.from);
			const call = text.startsWith(".url", place.to) ? urlBefore.exec(before) : null;
			if (call === null) return { ...place, url: null };
			const url = isAbsolute.test(call[2]!) ? null : call[2]!;
			return { from: place.from - call[0].length, to: place.to, url };
		}
		default:
			return found satisfies never;
	}
}

/** Null for a package, and for what Node has built in. */
function besideIt(specifier: string | undefined): string | null {
	return specifier !== undefined && /^\.\.?\//.test(specifier) ? specifier : null;
}

function shownPath(found: Import): string | null {
	const isShown = found.type === "dynamic" && found.phase === "source" && !found.glob;
	return isShown ? (found.specifier ?? null) : null;
}
