import { facts } from "../parts.ts";
import type { Section } from "../report.ts";

/** What the scenario says of a hundred to ten thousand times the size. */
export default {
	order: 200,
	per: "run",
	title: "At scale",
	render({ document }) {
		const { growth, breaksFirst, replacement } = document.about.atScale;
		if (growth === "") return null;
		return facts([
			["how it grows", growth],
			["what breaks first", breaksFirst],
			["what to use instead", replacement],
		]);
	},
} satisfies Section;
