import { faultText } from "./run-log.ts";
import type { Tone } from "./text.ts";
import type { FaultRecord, HealedAll } from "./wire.ts";

type Notice = [text: string, tone: Tone];

/** What to say of a fault that was injected by hand: an effect that nobody saw is the news. */
export function injectedNotice(fault: FaultRecord): Notice {
	return [faultText(fault), fault.state === "injected" ? "good" : "warn"];
}

export function healedNotice(fault: FaultRecord): Notice {
	return [faultText(fault), fault.state === "heal_failed" ? "bad" : "good"];
}

/** What the red button did. */
export function healedAllNotice({ healed, stoppedRuns }: HealedAll): Notice {
	const counted = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;
	const failed = healed.filter(({ state }) => state === "heal_failed");
	if (failed.length > 0)
		return [
			`NOT HEALED: ${failed.map(({ kind, on }) => `${kind} on ${on}`).join(", ")}; H tries again`,
			"bad",
		];
	return [
		`healed ${counted(healed.length, "fault")}, stopped ${counted(stoppedRuns.length, "run")}; u lets new ones in`,
		"good",
	];
}
