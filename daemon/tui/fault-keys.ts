import { faultsByHand, markedFault, markNext } from "./by-hand.ts";
import { type Dashboard, tell } from "./dashboard.ts";
import type { Pressed } from "./effects.ts";

/** The keys of faults by hand and of the red button; null for any other. */
export function pressFaultKey(state: Dashboard, key: string): Pressed | null {
	switch (key) {
		case "f":
			return openChooser(state);
		case "d":
			return healMarked(state);
		case "tab":
			return { state: { ...state, byHand: markNext(state.byHand) }, effects: [] };
		case "S-h":
			return { state: { ...state, mode: "red button" }, effects: [] };
		case "u":
			return release(state);
		default:
			return null;
	}
}

/** The answer to the red button's question. Who presses it again means it. */
export function answerRedButton(state: Dashboard, key: string): Pressed {
	const normal: Dashboard = { ...state, mode: "normal" };
	if (key !== "y" && key !== "S-y" && key !== "S-h") return { state: normal, effects: [] };
	return {
		state: { ...tell(normal, "healing everything …", "plain"), busy: "healing" },
		effects: [{ do: "heal all" }],
	};
}

/** What can act here changes with the run, so it is asked for each time; what was known is shown meanwhile. */
function openChooser(state: Dashboard): Pressed {
	if (state.byHand.blocked)
		return {
			state: tell(state, "new faults are blocked: u lets them in again", "warn"),
			effects: [],
		};
	return {
		state: { ...state, mode: "choosing", notice: null },
		effects: [{ do: "look at kinds" }],
	};
}

function healMarked(state: Dashboard): Pressed {
	const fault = markedFault(state.byHand);
	if (fault === null) {
		const others = state.byHand.inForce.length > faultsByHand(state.byHand).length;
		const text = others ? "the run heals its own faults; H heals all now" : "no fault by hand";
		return { state: tell(state, text, "dim"), effects: [] };
	}
	if (state.busy === "healing") return { state, effects: [] };
	return {
		state: { ...tell(state, `healing ${fault.kind} on ${fault.on} …`, "plain"), busy: "healing" },
		effects: [{ do: "heal", id: fault.id }],
	};
}

function release(state: Dashboard): Pressed {
	if (state.byHand.blocked) return { state, effects: [{ do: "release" }] };
	return { state: tell(state, "nothing is blocked", "dim"), effects: [] };
}
