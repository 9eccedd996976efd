export interface TapTest {
	title: string;
	ok: boolean;
	/** Why it was left out without failing anything. */
	skip: string | null;
	diagnostics: Record<string, unknown>;
}

/** Results as TAP 14, with what there is to know of each as YAML. */
export function asTap(headline: string, tests: readonly TapTest[]): string {
	return [
		"TAP version 14",
		`# ${oneLine(headline)}`,
		`1..${tests.length}`,
		...tests.flatMap((test, i) => linesOf(test, i + 1)),
		"",
	].join("\n");
}

function linesOf({ title, ok, skip, diagnostics }: TapTest, number: number): string[] {
	const directive = skip === null ? "" : ` # SKIP ${escaped(skip)}`;
	return [
		`${ok ? "ok" : "not ok"} ${number} - ${escaped(title)}${directive}`,
		"  ---",
		...yamlOf(diagnostics).map((line) => `  ${line}`),
		"  ...",
	];
}

/** A `#` would begin a directive. */
function escaped(text: string): string {
	return oneLine(text).replaceAll(/[\\#]/g, "\\$&");
}

function oneLine(text: string): string {
	return text.replaceAll(/\s+/g, " ");
}

/** JSON's scalars are YAML's too, with every quote and line break taken care of. */
function yamlOf(diagnostics: Record<string, unknown>): string[] {
	return Object.entries(diagnostics).flatMap(([name, value]) => {
		if (value === undefined || value === null) return [];
		if (!Array.isArray(value)) return [`${name}: ${JSON.stringify(value)}`];
		if (value.length === 0) return [];
		return [`${name}:`, ...value.map((item) => `  - ${JSON.stringify(item)}`)];
	});
}
