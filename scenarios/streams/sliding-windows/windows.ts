// Sliding windows over panes: a pane is what all window edges cut time into, so that an event is added once, to its pane,
// however many windows it is in. Pure.

/** Windows of one size; a new one begins every `slideMs`, at whole multiples of it. */
export interface WindowKind {
	name: "1m" | "5m" | "1h";
	sizeMs: number;
	slideMs: number;
}

const [secondMs, minuteMs, hourMs] = [1_000, 60_000, 3_600_000];

export const windowKinds: readonly WindowKind[] = [
	{ name: "1m", sizeMs: minuteMs, slideMs: 30 * secondMs },
	{ name: "5m", sizeMs: 5 * minuteMs, slideMs: minuteMs },
	{ name: "1h", sizeMs: hourMs, slideMs: 5 * minuteMs },
];

/** Divides every size and slide. */
export const paneMs = 30 * secondMs;

export interface Aggregate {
	count: number;
	sum: number;
	max: number;
}

/** By the start of the pane. */
export type Panes = Map<number, Aggregate>;

/** From `startMs` to just before `endMs`. */
export interface Window {
	kind: WindowKind["name"];
	startMs: number;
	endMs: number;
}

export function paneOf(atMs: number): number {
	return Math.floor(atMs / paneMs) * paneMs;
}

export function addTo(panes: Panes, paneStartMs: number, amount: number): void {
	const pane = panes.get(paneStartMs);
	if (pane === undefined) panes.set(paneStartMs, { count: 1, sum: amount, max: amount });
	else {
		pane.count += 1;
		pane.sum += amount;
		pane.max = Math.max(pane.max, amount);
	}
}

/** The end of the last window that a pane is in. */
export function lastEndMs(paneStartMs: number): number {
	return Math.max(
		...windowKinds.map(
			({ sizeMs, slideMs }) => Math.floor((paneStartMs + sizeMs) / slideMs) * slideMs,
		),
	);
}

/** The windows that end after `fromMs` and by `toMs`, with what is in them; none that is empty. */
export function* closedBetween(
	panes: Panes,
	fromMs: number,
	toMs: number,
): Generator<Window & Aggregate> {
	if (panes.size === 0) return;
	const [first, last] = [Math.min(...panes.keys()), Math.max(...panes.keys())];
	for (const { name, sizeMs, slideMs } of windowKinds) {
		const nextMs = (Math.floor(Math.max(fromMs, first) / slideMs) + 1) * slideMs;
		for (let endMs = nextMs; endMs <= Math.min(toMs, last + sizeMs); endMs += slideMs) {
			const all = together(panes, endMs - sizeMs, endMs);
			if (all.count > 0) yield { kind: name, startMs: endMs - sizeMs, endMs, ...all };
		}
	}
}

function together(panes: Panes, fromMs: number, toMs: number): Aggregate {
	const all = { count: 0, sum: 0, max: Number.NEGATIVE_INFINITY };
	for (let atMs = fromMs; atMs < toMs; atMs += paneMs) {
		const pane = panes.get(atMs);
		if (pane === undefined) continue;
		all.count += pane.count;
		all.sum += pane.sum;
		all.max = Math.max(all.max, pane.max);
	}
	return all;
}
