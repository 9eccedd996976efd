import { pause } from "../../base/clock.ts";
import {
	controlsVariable,
	holdControl,
	holdOrderIn,
	holdSeen,
	putControl,
	readControl,
} from "./controls.ts";

/** The steps of this subject's work, for one whose work has steps between which it can be interrupted. */
export interface SubjectSteps {
	/** The work has come to this step. Resolves at once, but where a fault holds the subject there: then when it lets go. */
	reach(step: string): Promise<void>;
}

const lookEveryMs = 2;

/**
 * The steps of this subject, so that a fault can strike at one of them. Outside of a run nothing holds it. It says in a
 * file at which order it stands, and so is the proof that it does.
 */
export function subjectSteps(folder = process.env[controlsVariable]): SubjectSteps {
	if (folder === undefined) return { reach: async () => {} };
	const tell = (text: string) => {
		try {
			putControl(folder, holdSeen, text);
		} catch {
			// The run is over and its folder gone: no reason for a subject to fail.
		}
	};
	return {
		async reach(step) {
			const order = readControl(folder, holdControl);
			if (order === null || holdOrderIn(order)?.step !== step) return;
			tell(order);
			while (readControl(folder, holdControl) === order) await pause(lookEveryMs);
			tell("");
		},
	};
}
