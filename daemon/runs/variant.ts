import type { StandingService } from "../../base/services.ts";
import type { RunParams } from "../../scenarios/contract/run-params.ts";

/** What one side of a duet is: all parameters of the scenario, and servers other than the stack's. */
export interface Variant {
	params: RunParams;
	/** URL by service. */
	urls: { [K in StandingService]?: string };
}
