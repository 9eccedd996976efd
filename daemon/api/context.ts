import type { BaselineStore } from "../compare/baseline-store.ts";
import type { AlertDesk } from "../desk/desk.ts";
import type { FaultsByHand } from "../faults/by-hand.ts";
import type { ScenarioCatalog, SuiteCatalog } from "../host/catalog.ts";
import type { LiveMetrics } from "../metrics/live-metrics.ts";
import type { Nightly } from "../nightly/nightly.ts";
import type { RunStore } from "../record/store.ts";
import type { RunManager } from "../runs/manager.ts";
import type { ServiceState } from "../stack/service.ts";
import type { Suites } from "../suites/suites.ts";

/** What the API speaks for; the daemon satisfies it. */
export interface ApiContext {
	catalog: ScenarioCatalog;
	suiteCatalog: SuiteCatalog;
	suites: Pick<Suites, "start" | "read" | "ended" | "stop" | "lastOf">;
	runs: RunManager;
	store: RunStore;
	baselines: BaselineStore;
	/** Folder of the nights that this host keeps. */
	history: string;
	stack(): Record<string, ServiceState>;
	/** Starts what has ended of the stack again; which services they were. */
	revive(): Promise<string[]>;
	/** True once the ledger is healed and every component is up or reported missing. */
	ready(): boolean;
	faults: FaultsByHand;
	nightly: Pick<Nightly, "status" | "start" | "stop" | "read">;
	alerts: AlertDesk;
	metrics: LiveMetrics;
	log(message: string): void;
}

export interface ErrorBody {
	error: { code: string; message: string; hint: string };
}
