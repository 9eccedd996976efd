import { faultName } from "../../../chaos/fault.ts";
import type { FaultRecord } from "../../../chaos/injection.ts";
import type { AlertFacts } from "../../../scenarios/contract/facts.ts";
import type { PhaseRecord } from "../../record/document.ts";
import { type Html, html } from "../html.ts";
import { type Frame, xOf } from "./frame.ts";

const rowPx = 22;
const barPx = 12;
/** More rows than this no one reads; the tables have them all. */
const rowsMax = 20;
const letterPx = 6.8;
const gapPx = 6;

/** What has a row of its own: all stretches of one fault, or of one rule. */
interface Lane {
	label: string;
	kind: "fault" | "alert";
	bars: { fromMs: number; toMs: number; cleanMs: number }[];
}

/** Phases, faults and alerts as bars on the time axis of the charts below them. */
export function lanesSvg(
	what: {
		phases: readonly PhaseRecord[];
		faults: readonly FaultRecord[];
		alerts: readonly AlertFacts[];
	},
	frame: Frame,
): Html {
	const lanes = [...faultLanes(what.faults, frame), ...alertLanes(what.alerts, frame)].slice(
		0,
		rowsMax,
	);
	const heightPx = (lanes.length + 1) * rowPx + 2;
	return html`<svg width="${frame.widthPx}" height="${heightPx}" viewBox="0 0 ${frame.widthPx} ${heightPx}" class="lanes">${what.phases.map(
		(phase, i) => phaseBox(phase, i, frame),
	)}${lanes.map((lane, i) => laneRow(lane, (i + 1) * rowPx, frame))}</svg>`;
}

/** Where a row has the most room for its label. */
export function labelPlace(
	label: string,
	firstPx: number,
	lastPx: number,
	widthPx: number,
): { xPx: number; anchor: "start" | "end"; text: string } {
	const after = widthPx - lastPx - 2 * gapPx;
	const before = firstPx - 2 * gapPx;
	const needed = label.length * letterPx;
	const place =
		after >= needed || after >= before
			? { xPx: lastPx + gapPx, anchor: "start" as const, roomPx: after }
			: { xPx: firstPx - gapPx, anchor: "end" as const, roomPx: before };
	const letters = Math.max(Math.floor(place.roomPx / letterPx), 0);
	const text =
		label.length <= letters ? label : letters < 4 ? "" : `${label.slice(0, letters - 1)}…`;
	return { xPx: place.xPx, anchor: place.anchor, text };
}

function faultLanes(faults: readonly FaultRecord[], { toMs: endMs }: Frame): Lane[] {
	const lanes = new Map<string, Lane>();
	for (const fault of faults) {
		const { injectedMs, healedMs, cleanMs } = fault;
		if (injectedMs === null) continue;
		const label = faultName(fault);
		const lane = lanes.get(label) ?? { label, kind: "fault", bars: [] };
		const toMs = healedMs ?? endMs;
		lane.bars.push({ fromMs: injectedMs, toMs, cleanMs: cleanMs ?? toMs });
		lanes.set(label, lane);
	}
	return [...lanes.values()];
}

function alertLanes(alerts: readonly AlertFacts[], { toMs: endMs }: Frame): Lane[] {
	return alerts
		.filter(({ firedMs }) => firedMs.length > 0)
		.map(({ rule, firedMs, resolvedMs }) => ({
			label: `alert ${rule}`,
			kind: "alert",
			bars: firedMs.map((fromMs, i) => {
				const toMs = resolvedMs[i] ?? endMs;
				return { fromMs, toMs, cleanMs: toMs };
			}),
		}));
}

function phaseBox({ name, fromMs, toMs }: PhaseRecord, index: number, frame: Frame): Html {
	const x = xOf(frame, fromMs);
	const width = Math.max(xOf(frame, toMs) - x, 1);
	const fits = name.length * letterPx + 4 <= width;
	return html`<rect x="${px(x)}" y="1" width="${px(width)}" height="${rowPx - 5}" class="phase${index % 2}"/>${
		fits &&
		html`<text x="${px(x + width / 2)}" y="${rowPx / 2 + 2}" text-anchor="middle">${name}</text>`
	}`;
}

function laneRow({ label, kind, bars }: Lane, topPx: number, frame: Frame): Html {
	const y = topPx + (rowPx - barPx) / 2;
	const middle = topPx + rowPx / 2;
	const ends = bars.map(({ cleanMs }) => xOf(frame, cleanMs));
	const starts = bars.map(({ fromMs }) => xOf(frame, fromMs));
	const place = labelPlace(label, Math.min(...starts), Math.max(...ends), frame.widthPx);
	return html`${bars.map(({ fromMs, toMs, cleanMs }) => {
		const [x, end, clean] = [fromMs, toMs, cleanMs].map((ms) => xOf(frame, ms)) as [
			number,
			number,
			number,
		];
		if (kind === "alert")
			return html`<path d="M${px(x)} ${y}v${barPx}M${px(x)} ${middle}H${px(Math.max(end, x + 2))}" class="alert"/><path d="M${px(x - 5)} ${y + barPx}h10l-5 ${-barPx}z" class="alert-mark"/>`;
		return html`<rect x="${px(x)}" y="${y}" width="${px(Math.max(end - x, 2))}" height="${barPx}" class="fault"/><rect x="${px(end)}" y="${y + 3}" width="${px(clean - end)}" height="${barPx - 6}" class="fault-tail"/>`;
	})}<text x="${px(place.xPx)}" y="${middle + 4}" text-anchor="${place.anchor}">${place.text}</text>`;
}

function px(value: number): string {
	return String(Math.round(value * 10) / 10);
}
