import { wordOf } from "../../host/check-end.ts";
import { clean, cut, type Line, span, wrap } from "../text.ts";
import type { MakePanel } from "./panel.ts";

const messageIndent = 2;

/** The checks; their messages get the rows that are left, the failed ones' first. */
export const checksPanel: MakePanel = (state, { width, height }) => {
	const checks = state.followed?.checks ?? [];
	const failed = checks.filter(({ outcome }) => outcome !== "held");
	const ordered = [...failed, ...checks.filter(({ outcome }) => outcome === "held")];
	const openOnly = failed.every(({ outcome }) => outcome === "cannot_tell");
	let spare = Math.max(0, height - checks.length);
	const lines = ordered.flatMap(({ id, case: ofCase, outcome, message }): Line[] => {
		const ok = outcome === "held";
		const word = wordOf(outcome).padEnd(wordOf("failed").length);
		const tone = ok ? "good" : outcome === "cannot_tell" ? "plain" : "bad";
		const name = `${id}${ofCase === null ? "" : ` (${ofCase})`}`;
		const head: Line = [span(`${word} `, tone), span(clean(name), ok ? "plain" : "strong")];
		const text = clean(message);
		const wrapped = wrap(text, width - messageIndent);
		if (spare === 0) return [[...head, span(` ${text}`, "dim")]];
		const shown = wrapped.slice(0, spare);
		if (shown.length < wrapped.length) {
			const last = wrapped.slice(shown.length - 1).join(" ");
			shown[shown.length - 1] = cut(last, width - messageIndent);
		}
		spare -= shown.length;
		return [head, ...shown.map((line): Line => [span(`  ${line}`, "dim")])];
	});
	if (lines.length === 0) {
		const ended = state.followed !== null && state.followed.end !== null;
		const text = ended ? "none: verifying was not reached" : "they come with verifying";
		lines.push([span(state.followed === null ? "no run yet" : text, "dim")]);
	}
	return {
		title: [span("checks", "strong")],
		readouts:
			checks.length === 0
				? []
				: [
						failed.length > 0
							? [
									span(
										`${failed.length} of ${checks.length} ${openOnly ? "can't be told" : "failed"}`,
										"bad",
									),
								]
							: [span(`all ${checks.length} ok`, "good")],
					],
		lines,
	};
};
