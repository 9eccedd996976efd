/** The text of a small scenario file that loads. */
export function scenarioText(
	title: string,
	parts: { params?: string; extra?: string } = {},
): string {
	const { params = "{ rate: Type.Number({ default: 10, minimum: 1 }) }", extra = "" } = parts;
	return `import { scenario, Type } from "faultline";
export default scenario({
	title: ${JSON.stringify(title)},
	question: "Does it?",
	params: ${params},
	needs: ["postgres"],
	plan: () => ({ phases: { steadyMs: 0 }, paths: {}, loads: {} }),
	atScale: { growth: "g", breaksFirst: "b", replacement: "r" },
	${extra}
} as never).judge({ checks: { rows: { kind: "correctness", judge: () => ({}) } } } as never);
`;
}
