import type { Gate, Kind } from "./gate.ts";

/** What went through a gate: when it was asked for, and when it went. */
export interface Given {
	/** Of this process. */
	id: number;
	kind: Kind;
	count: number;
	askedAtMs: number;
	atMs: number;
}

/** Resolves when the gate lets so many messages of this kind through. */
export type Through = (kind: Kind, count: number) => Promise<Given>;

/** Drives a gate by timers; each that goes is told at once, in the order in which they go. */
export function throughGate(
	gate: Gate,
	nowMs: () => number,
	tell: (given: Given) => void,
): Through {
	let ids = 0;
	let timer: NodeJS.Timeout | undefined;
	const advance = () => {
		clearTimeout(timer);
		const waitMs = gate.advance();
		if (waitMs !== null) timer = setTimeout(advance, waitMs);
	};
	return (kind, count) =>
		new Promise((resolve) => {
			const id = ++ids;
			const askedAtMs = nowMs();
			const start = () => {
				const given = { id, kind, count, askedAtMs, atMs: nowMs() };
				tell(given);
				resolve(given);
			};
			gate.ask({ kind, count, start });
			advance();
		});
}
