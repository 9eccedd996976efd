import type { Json } from "../../base/json.ts";
import type { MetricSpec } from "../../scenarios/contract/facts.ts";
import { latencyText, rateText } from "../text/numbers.ts";

/** What stands where a number does not exist. */
export const none = "–";

/** A count, in groups of three: `12 480`. */
export function countText(count: number): string {
	return String(count).replaceAll(/(?<=\d)(?=(\d{3})+$)/g, "\u202f");
}

/** A latency in microseconds as people read it; one that is only known to be at least so long says so. */
export function microsText(us: number | null, censored = false): string {
	if (us === null) return none;
	const text =
		us < 100
			? `${Math.round(us)} µs`
			: us < 1_000
				? `${(us / 1_000).toFixed(2)} ms`
				: latencyText(us / 1_000);
	return censored ? `≥ ${text}` : text;
}

/** A length of time in a run: `0 ms`, `205 ms`, `3.00 s`, `12.4 s`. */
export function spanText(ms: number | null): string {
	if (ms === null) return none;
	if (Math.abs(ms) < 999.5) return `${Math.round(ms)} ms`;
	return `${(ms / 1_000).toFixed(Math.abs(ms) < 9_995 ? 2 : 1)} s`;
}

/** The value of a metric with its unit. */
export function metricText(value: number | null, unit: MetricSpec["unit"]): string {
	if (value === null) return none;
	switch (unit) {
		case "s":
			return spanText(1_000 * value);
		case "ms":
			return spanText(value);
		case "us":
			return microsText(value);
		case "count":
			return countText(value);
		case "ratio":
			return plain(value);
		case "pct":
			return `${plain(value)} %`;
		case "per_sec":
			return `${rateText(value)}/s`;
		case "bytes":
			return bytesText(value);
		case "usd":
			return `${plain(value)} USD`;
		default:
			return unit satisfies never;
	}
}

export function bytesText(bytes: number): string {
	const steps = ["B", "KiB", "MiB", "GiB", "TiB"];
	const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), steps.length - 1);
	return `${plain(bytes / 1_024 ** step)} ${steps[step]}`;
}

/** A time of day that says its zone: `2026-11-24 14:01:26 UTC`. */
export function timeText(iso: string | null): string {
	return iso === null ? none : `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** Any JSON in one line, as long as a person reads it. */
export function jsonText(value: Json, longest = 240): string {
	if (value === null) return none;
	const text =
		typeof value === "string"
			? value
			: JSON.stringify(value, (_, part: Json) => (typeof part === "number" ? short(part) : part))
					.replaceAll(/([:,])(?=["\d[{tfn-])/g, "$1 ")
					.replaceAll('"', "");
	return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** Whole numbers as they are: a count or a checksum must not change. */
function short(value: number): number {
	return Number.isInteger(value) ? value : Number(value.toPrecision(5));
}

/** Four digits that count, without the zeros that say nothing. */
function plain(value: number): string {
	return String(Number(value.toPrecision(4)));
}
