import { instantText } from "../text/numbers.ts";
import { clean, type Tone } from "./text.ts";
import type { FaultRecord, RunEvent } from "./wire.ts";

export interface LogLine {
	ms: number;
	what: string;
	text: string;
	tone: Tone;
}

const verdictTones = { passed: "good", failed: "bad", invalid: "warn" } as const;

/** What the log says of an event; nothing of what the charts show. */
export function logLinesOf(event: RunEvent): LogLine[] {
	const line = (what: string, text: string, tone: Tone = "plain"): LogLine[] => [
		{
			ms: event.type === "state" && event.state === "queued" ? 0 : event.ms,
			what,
			text: clean(text),
			tone,
		},
	];
	const ofCase = (id: string | null) => (id === null ? "" : ` (${id})`);
	switch (event.type) {
		case "state":
			return line("state", `${event.state}${ofCase(event.case)}`, "accent");
		case "fault":
			return line("fault", faultText(event.fault), faultTone(event.fault));
		case "alert":
			return line(
				"alert",
				`${event.rule}${ofCase(event.case)} ${event.change}${event.change === "acknowledged" ? ` by ${event.by}` : ""}`,
				event.change === "fired" ? "warn" : "good",
			);
		case "check": {
			const { id, ok, message } = event.check;
			const word = ok === null ? "threw" : ok ? "ok" : "FAILED";
			return line("check", `${id} ${word}: ${message}`, ok ? "good" : "bad");
		}
		case "log":
			return event.message.split("\n").flatMap((text) => line("log", text));
		case "end": {
			const { verdict } = event;
			return line(
				"end",
				verdict ?? "no verdict",
				verdict === null ? "plain" : verdictTones[verdict],
			);
		}
		default:
			return []; // phases come with their state, intervals are drawn
	}
}

/** A fault and how far it is, in a few words. */
export function faultText(fault: FaultRecord): string {
	const after = (ms: number) => `${(ms - (fault.injectedMs ?? ms)).toFixed(0)} ms`;
	const what = `${fault.kind} on ${fault.on}`;
	switch (fault.state) {
		case "planned":
			return fault.injectedMs === null
				? `${what} planned at ${instantText(fault.plannedFromMs)}`
				: `${what} being injected`;
		case "injected":
			return fault.provedMs === null
				? `${what} injected, effect not proved yet`
				: `${what} injected, proved after ${after(fault.provedMs)}`;
		case "healed":
			return fault.injectedMs === null || fault.healedMs === null
				? `${what} healed before it began`
				: `${what} healed after ${after(fault.healedMs)}`;
		case "heal_failed":
			return `${what} NOT HEALED: ${fault.seen.at(-1) ?? "nothing was seen"}`;
		case "no_effect":
			return `${what} had no effect: ${fault.seen.at(-1) ?? "nothing was seen"}`;
		default:
			return fault.state satisfies never;
	}
}

export function faultTone({ state }: FaultRecord): Tone {
	if (state === "planned") return "dim";
	if (state === "healed") return "good";
	return state === "no_effect" ? "warn" : "bad";
}
