import { join } from "node:path";
import type { Test } from "tap";
import { Ledger } from "../../../chaos/ledger.ts";
import { openHome } from "../../../daemon/home/home.ts";
import { RunStore } from "../../../daemon/record/store.ts";
import { type ManagerOptions, RunManager } from "../../../daemon/runs/manager.ts";
import type { RunStack } from "../../../daemon/stage/stage.ts";
import type { ToxiproxyClient } from "../../../toxiproxy/client.ts";
import { lastingFolder } from "../../lasting-folder.ts";

/** A manager whose stack has no services: its runs are real, with their hosts and workers. */
export function managerRig(t: Test) {
	const home = openHome(join(lastingFolder(t), "home"));
	const proxies = new Set<string>();
	const stack: RunStack = {
		home,
		env: { ...process.env, FAULTLINE_INSTANCE: home.id },
		toxiproxy: {
			listProxies: async () => [...proxies].map((name) => ({ name })),
			deleteProxy: async (name: string) => {
				proxies.delete(name);
			},
		} as unknown as ToxiproxyClient,
		endpoint: () => null,
		proxied: () => null,
		root: () => null,
		isOurs: () => false,
		lease: async () => () => {},
		roots: () => [],
		restart: async () => {},
		lost: () => lost,
	};
	let lost: string | null = null;
	const store = new RunStore(home.runs);
	const ledger = new Ledger(home.ledgerFile);
	const logged: string[] = [];
	const manager = (more: Partial<ManagerOptions> = {}) =>
		new RunManager({
			missing: () => null,
			...more,
			stack,
			store,
			ledger,
			log: (message) => logged.push(message),
		});
	const runs = manager();
	t.teardown(async () => {
		await runs.close("the test is over");
		ledger.close();
	});
	return {
		home,
		stack,
		store,
		runs,
		/** As a daemon that starts later sees it. */
		manager,
		proxies,
		logged,
		lose: (what: string) => {
			lost = what;
		},
	};
}
