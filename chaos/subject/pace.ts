import {
	controlsVariable,
	paceControl,
	paceSeen,
	putControl,
	readControl,
	type SlowOrder,
	slowOrderIn,
} from "./controls.ts";

/** How much longer the work of this subject takes, for one whose work has parts that can be told apart. */
export interface SubjectPace {
	/** Microseconds that a unit of work of this part takes more: what a `slow-work` fault puts on it, else 0. */
	extraUs(part: string): number;
}

/** An order is at most so old when it is asked for. */
const freshMs = 10;
/** While one is in force its end is looked for so often, by a subject that does no work as well. */
const lookEveryMs = 50;

/**
 * The pace of this subject. Outside of a run it is always its own. It says in a file which order it has obeyed, and so
 * is the proof that the fault has reached its victim.
 */
export function subjectPace(folder = process.env[controlsVariable]): SubjectPace {
	if (folder === undefined) return { extraUs: () => 0 };
	let order: SlowOrder | null = null;
	let told: string | null = null;
	let lookAgainAt = 0;
	let watching: NodeJS.Timeout | null = null;

	const tell = (text: string | null) => {
		if (text === told) return;
		told = text;
		try {
			putControl(folder, paceSeen, text ?? "");
		} catch {
			// The run is over and its folder gone: no reason for a subject to fail.
		}
	};
	const look = () => {
		lookAgainAt = performance.now() + freshMs;
		const text = readControl(folder, paceControl);
		order = text === null ? null : slowOrderIn(text);
		if (told !== null && text !== told) tell(null);
		if (order !== null) watching ??= setInterval(look, lookEveryMs).unref();
		else if (watching !== null) {
			clearInterval(watching);
			watching = null;
		}
	};
	return {
		extraUs(part) {
			if (performance.now() >= lookAgainAt) look();
			if (order?.part !== part) return 0;
			tell(JSON.stringify(order));
			return order.extraUs;
		},
	};
}
