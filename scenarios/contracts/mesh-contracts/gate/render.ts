import type { Finding } from "../../../subjects/gate/findings.ts";
import type { SqlFile } from "../../../subjects/gate/scratch.ts";
import { quoted } from "../../../subjects/gate/sql-text.ts";

// Models are a dbt package's: they name tables and each other by `source` and `ref`. That much of dbt is done here, so that a
// gate needs none to try them.

const call =
	/\{\{\s*(?:source\(\s*'raw'\s*,\s*'([a-z0-9_]+)'\s*\)|ref\(\s*'([a-z0-9_]+)'\s*\))\s*\}\}/g;

/** Models as SQL, each after those that it names; and those that can't be one. */
export interface Rendered {
	models: SqlFile[];
	findings: Finding[];
}

export function rendered(models: readonly SqlFile[]): Rendered {
	const byName = new Map(models.map((model) => [model.name, model]));
	const done = new Map<string, SqlFile>();
	const findings: Finding[] = [];
	const visit = ({ name, sql }: SqlFile, above: readonly string[]): void => {
		if (done.has(name) || findings.some(({ place }) => place[0] === name)) return;
		if (above.includes(name)) {
			findings.push(unbuilt(name, `it is made of itself: ${[...above, name].join(", ")}`));
			return;
		}
		for (const [, , other] of sql.matchAll(call))
			if (other !== undefined && byName.has(other)) visit(byName.get(other)!, [...above, name]);
		const text = sql.replaceAll(call, (_, table?: string, model?: string) =>
			quoted((table ?? model)!),
		);
		if (/\{[{%#]/.test(text))
			findings.push(unbuilt(name, "it has a template other than source and ref"));
		else done.set(name, { name, sql: text });
	};
	for (const model of models) visit(model, []);
	return { models: [...done.values()], findings };
}

function unbuilt(name: string, why: string): Finding {
	return { place: [name], rule: "builds", why };
}
