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
	params: Type.Object(${params}),
	guarded: false,
	needs: ["postgres"],
	plan: () => ({ phases: { warmMs: 0, steadyMs: 0, recoverLimitMs: 0 }, paths: {}, loads: {} }),
	checks: { rows: { kind: "correctness", judge: () => ({}) } },
	atScale: { growth: "g", breaksFirst: "b", replacement: "r" },
	${extra}
} as never);
`;
}
