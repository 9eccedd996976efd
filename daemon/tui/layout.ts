export interface Rect {
	left: number;
	top: number;
	width: number;
	height: number;
}

export interface Size {
	width: number;
	height: number;
}

export const panelIds = [
	"latency",
	"rate",
	"log",
	"scenarios",
	"faults",
	"checks",
	"runs",
] as const;
export type PanelId = (typeof panelIds)[number];

export const smallest: Size = { width: 60, height: 18 };
export const headerRows = 3;
export const footerRows = 2;

/** Columns of the lists on the right. */
export function rightColumns(width: number): number {
	return Math.max(30, Math.min(80, Math.round(width * 0.4)));
}

/** Where each panel goes, its rule included: charts and log on the left, lists on the right; null where it is too small. */
export function layout({ width, height }: Size): Record<PanelId, Rect> | null {
	if (width < smallest.width || height < smallest.height) return null;
	const rows = height - headerRows - footerRows;
	const right = rightColumns(width);
	const left = width - right - 1;
	const [latency, rate, log] = shares(rows, [
		{ least: 6, weight: 11 },
		{ least: 5, weight: 8 },
		{ least: 2, weight: 8 },
	]);
	const [scenarios, faults, checks, runs] = shares(rows, [
		{ least: 3, weight: 7 },
		{ least: 3, weight: 5 },
		{ least: 4, weight: 11 },
		{ least: 3, weight: 6 },
	]);
	const stacked = (at: number, columns: number, heights: (number | undefined)[]): Rect[] => {
		let top = headerRows;
		return heights.map((rowsOf = 0) => {
			const rect = { left: at, top, width: columns, height: rowsOf };
			top += rowsOf;
			return rect;
		});
	};
	const all = [
		...stacked(0, left, [latency, rate, log]),
		...stacked(left + 1, right, [scenarios, faults, checks, runs]),
	];
	return Object.fromEntries(panelIds.map((id, i) => [id, all[i]])) as Record<PanelId, Rect>;
}

/** `total` in parts by weight, none below its least; the first parts get what does not divide. */
export function shares(total: number, parts: { least: number; weight: number }[]): number[] {
	const weights = parts.reduce((sum, { weight }) => sum + weight, 0);
	const sizes = parts.map(({ least, weight }) =>
		Math.max(least, Math.floor((total * weight) / weights)),
	);
	let left = total - sizes.reduce((sum, size) => sum + size, 0);
	for (let i = 0; left > 0; i = (i + 1) % sizes.length, left--) sizes[i] = (sizes[i] ?? 0) + 1;
	while (left < 0) {
		// Taken from the part that is the farthest over its least.
		const spare = sizes.map((size, i) => size - (parts[i]?.least ?? 0));
		const at = spare.indexOf(Math.max(...spare));
		sizes[at] = (sizes[at] ?? 0) - 1;
		left++;
	}
	return sizes;
}
