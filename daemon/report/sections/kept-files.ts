import { html } from "../html.ts";
import type { Section } from "../report.ts";

/** Pages that the scenario has kept, such as data docs. They lie beside the report, and are served beside it. */
export default {
	order: 140,
	per: "run",
	title: "Pages that were kept",
	render({ keptPages }) {
		if (keptPages.length === 0) return null;
		return html`<ul>${keptPages.map(
			({ name, file, count }) =>
				html`<li><a href="files/${name}/${file}">${name}</a>, ${count} page${count === 1 ? "" : "s"}</li>`,
		)}</ul>`;
	},
} satisfies Section;
