import type { LiveFault } from "../../chaos/live-faults.ts";
import type { Dashboard } from "./dashboard.ts";
import type { PaceChange } from "./pace.ts";

/** What a key asks of the world outside of the state. */
export type Effect =
	| { do: "start"; scenario: string; params: Record<string, string> }
	| { do: "stop"; runId: string }
	| { do: "steer"; runId: string; load: string; change: PaceChange }
	| { do: "inject"; fault: LiveFault }
	| { do: "heal"; id: string }
	| { do: "heal all" }
	| { do: "release" }
	| { do: "look at kinds" }
	| { do: "refresh" }
	| { do: "suspend" }
	| { do: "leave"; exitCode: number };

export interface Pressed {
	state: Dashboard;
	effects: Effect[];
}
