/** A latency with its unit, in three digits or so: `0.8 ms`, `12.4 ms`, `250 ms`, `2.61 s`. */
export function latencyText(ms: number | null): string {
	if (ms === null) return "–";
	if (ms >= 999.5) return `${trimmed(ms / 1_000, 2)} s`;
	return `${ms >= 99.5 ? ms.toFixed(0) : ms.toFixed(1)} ms`;
}

/** A length of time for people: `12 s`, `2 min 05 s`, `1 h 02 min`. */
export function durationText(ms: number): string {
	const s = Math.max(0, Math.floor(ms / 1_000));
	const two = (n: number) => String(n).padStart(2, "0");
	if (s < 60) return `${s} s`;
	if (s < 3_600) return `${Math.floor(s / 60)} min ${two(s % 60)} s`;
	return `${Math.floor(s / 3_600)} h ${two(Math.floor((s % 3_600) / 60))} min`;
}

/** A time in the run, to the millisecond: `4.512 s`. */
export function instantText(ms: number): string {
	return `${(ms / 1_000).toFixed(3)} s`;
}

/** A rate without its unit: `0.8`, `240`, `12.4k`. */
export function rateText(perSec: number | null): string {
	if (perSec === null) return "–";
	if (perSec >= 9_999.5) return `${trimmed(perSec / 1_000, 1)}k`;
	return perSec > 0 && perSec < 9.95 ? trimmed(perSec, 1) : perSec.toFixed(0);
}

function trimmed(value: number, digits: number): string {
	return value.toFixed(digits).replace(/\.?0+$/, "");
}
