import type { Command } from "commander";
import { FaultlineError } from "../../../base/errors.ts";
import { knownHome } from "../../home/home.ts";
import { ownerToken } from "../../home/owner-token.ts";
import { loadSettings } from "../../settings.ts";
import { noDashboardWhy, openDashboard } from "../dashboard.ts";
import { findDaemon } from "../find-daemon.ts";

/** `faultline top`: the dashboard of a daemon that runs already. */
export default function addTop(program: Command): void {
	program
		.command("top")
		.description("the dashboard of this home's daemon; leaving it leaves the daemon alone")
		.option("--home <folder>", "the home whose daemon it is (FAULTLINE_HOME; default .faultline)")
		.action(async ({ home }: { home?: string }) => top(home));
}

async function top(homeFolder: string | undefined): Promise<void> {
	const why = noDashboardWhy();
	if (why !== null) {
		throw new FaultlineError(
			"FLT_USAGE",
			why,
			"without one, ask the daemon: curl http://127.0.0.1:7070/runs?format=text",
		);
	}
	const settings = await loadSettings({ home: homeFolder });
	const home = knownHome(settings.home);
	const daemon = await findDaemon(settings, home);
	if (daemon === null) {
		throw new FaultlineError(
			"FLT_NO_DAEMON",
			`no daemon runs in ${settings.home}`,
			"start one with npm start or faultline start, or name another home by --home",
		);
	}
	await openDashboard(daemon.url, { owner: false, token: ownerToken(home) });
}
