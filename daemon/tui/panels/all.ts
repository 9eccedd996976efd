import type { PanelId } from "../layout.ts";
import { latencyPanel, ratePanel } from "./charts.ts";
import { checksPanel } from "./checks.ts";
import { faultsPanel } from "./faults.ts";
import { logPanel } from "./log.ts";
import type { MakePanel } from "./panel.ts";
import { runsPanel } from "./runs.ts";
import { scenariosPanel } from "./scenarios.ts";

/** What fills each place of the layout. */
export const panels: Record<PanelId, MakePanel> = {
	latency: latencyPanel,
	rate: ratePanel,
	log: logPanel,
	scenarios: scenariosPanel,
	faults: faultsPanel,
	checks: checksPanel,
	runs: runsPanel,
};
