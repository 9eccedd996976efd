import { fileURLToPath } from "node:url";
import type { Json } from "../../../base/json.ts";
import type { RunDocument } from "../../record/document.ts";
import { html } from "../html.ts";
import { facts } from "../parts.ts";
import type { Section } from "../report.ts";
import { jsonText } from "../units.ts";

const ownScenarios = fileURLToPath(new URL("../../../scenarios/", import.meta.url));

/** The exact command, with all that was not a default. */
export default {
	order: 210,
	per: "run",
	title: "How to run it again",
	render({ document }) {
		const { seed: _seed, size: _size, guard: _guard, ...own } = document.params;
		return html`<pre>${commandOf(document)}</pre>${
			document.seedDrawn && html`<p class="note">The seed was drawn for this run.</p>`
		}<details><summary>All parameters</summary>${facts(
			Object.entries(own).map(([name, value]) => [name, jsonText(value as Json)]),
		)}</details>`;
	},
} satisfies Section;

/** A command line that runs this again. A scenario of ours goes by its name, a user's own by its file. */
export function commandOf({
	file,
	scenario,
	seed,
	size,
	params,
	changed,
	exploration,
	allowDestructive,
}: RunDocument): string {
	const what = file.startsWith(ownScenarios) ? scenario : quoted(file);
	const command = exploration === null ? "run" : "explore";
	return [
		`faultline ${command} ${what} --seed ${seed}`,
		...(exploration === null ? [] : [`--budget ${exploration.budgetMs / 1_000}s`]),
		...(size === "default" ? [] : [`--size ${size}`]),
		...(params.guard === "off" ? ["--guard off"] : []),
		...(allowDestructive ? ["--allow-destructive"] : []),
		...Object.entries(changed).map(
			([name, value]) =>
				`-p ${quoted(`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)}`,
		),
	].join(" ");
}

function quoted(text: string): string {
	return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
