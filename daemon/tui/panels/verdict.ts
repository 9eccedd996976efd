import type { Span } from "../text.ts";

/** A verdict in its colour. */
export function verdictSpan(verdict: string): Span {
	const tones = { passed: "good", failed: "bad", invalid: "warn" } as const;
	return { text: verdict, tone: tones[verdict as keyof typeof tones] ?? "plain" };
}
