import { facts } from "../parts.ts";
import type { Section } from "../report.ts";

/** What the scenario says of a hundred to ten thousand times the size. */
export default {
	order: 200,
	per: "run",
	title: "At scale",
	render({ document }) {
		const { atScale } = document.about;
		if (atScale === null) return null;
		const { growth, breaksFirst, replacement } = atScale;
		return facts([
			["how it grows", growth],
			["what breaks first", breaksFirst],
			["what to use instead", replacement],
		]);
	},
} satisfies Section;
