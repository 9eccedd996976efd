import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tap";
import type { ProcessIdentity } from "../../base/process.ts";
import type { FaultRecord, InjectionContext } from "../../chaos/injection.ts";
import { Ledger } from "../../chaos/ledger.ts";
import type { Ask, Probe, RoundTrip } from "../../chaos/probe.ts";
import type { Target } from "../../chaos/target.ts";
import type { ProxyState, Toxic, ToxiproxyClient } from "../../toxiproxy/client.ts";
import { lastingFolder } from "../lasting-folder.ts";

/** A Toxiproxy in memory, with one proxy `p`. Every call is kept; `before` may hold it up or let it fail. */
export class FakeToxiproxy {
	readonly proxies = new Map<string, ProxyState>([["p", proxy("p")]]);
	readonly calls: string[] = [];
	before: (call: string) => void | Promise<void> = () => {};

	readonly client = {
		getProxy: async (name: string) => this.proxies.get(name) ?? null,
		addToxic: async (name: string, toxic: Toxic) => {
			await this.#called(`add ${toxic.type} ${toxic.stream}`);
			this.proxies.get(name)!.toxics.push(toxic);
		},
		removeToxic: async (name: string, toxic: string) => {
			await this.#called(`remove ${toxic.slice(-2)}`);
			const found = this.proxies.get(name);
			if (found !== undefined) found.toxics = found.toxics.filter((t) => t.name !== toxic);
		},
		setEnabled: async (name: string, enabled: boolean) => {
			await this.#called(enabled ? "enable" : "disable");
			this.proxies.get(name)!.enabled = enabled;
		},
	} as unknown as ToxiproxyClient;

	async #called(call: string): Promise<void> {
		this.calls.push(call);
		await this.before(call);
	}
}

function proxy(name: string): ProxyState {
	return { name, listen: "127.0.0.1:1", upstream: "127.0.0.1:2", enabled: true, toxics: [] };
}

type Look = "old" | "fresh" | "close";

const broken = (error: string): RoundTrip => ({ kind: "broken", ms: 1, error });

/** What a client of the proxy would see, as a round trip, where each toxic acts on every connection. */
export function tripThrough(
	state: ProxyState,
	limitMs: number,
	how: Look,
	{ sentBytes = 0, receivedBytes = 0 }: Ask,
): RoundTrip {
	if (!state.enabled) return broken("ECONNREFUSED");
	let ms = 1;
	for (const toxic of state.toxics) {
		const bytes = toxic.stream === "upstream" ? sentBytes : receivedBytes;
		switch (toxic.type) {
			case "reset_peer":
				return broken("ECONNRESET");
			case "limit_data":
				if (bytes > toxic.attributes.bytes) return broken("connection closed");
				break;
			case "timeout":
				ms = Number.POSITIVE_INFINITY;
				break;
			case "latency":
				ms += toxic.attributes.latency;
				break;
			case "bandwidth":
				ms += bytes / toxic.attributes.rate;
				break;
			case "slicer":
				ms += ((bytes / toxic.attributes.average_size) * toxic.attributes.delay) / 1_000;
				break;
			case "slow_close":
				if (how === "close") ms += toxic.attributes.delay;
				break;
			default:
				toxic satisfies never;
		}
	}
	if (ms > limitMs) return { kind: "silent", ms: limitMs, error: null };
	const trip: RoundTrip = { kind: "answered", ms, error: null };
	return sentBytes + receivedBytes === 0
		? trip
		: { ...trip, carried: { sentBytes, receivedBytes } };
}

export interface Rig {
	toxiproxy: FakeToxiproxy;
	target: Target;
	ledger: Ledger;
	ledgerFile: string;
	context: InjectionContext;
	/** The states that were told, in order. */
	states: string[];
	/** Of the faults that are over. */
	closedProbes: string[];
	/** The worker's folder of controls. */
	controls: string;
	/** What the probe sees on the path `db`; by default, the proxy as it is. */
	sees: { trip(how: Look, limitMs: number, ask: Ask): RoundTrip | Promise<RoundTrip> };
	process: { identity: ProcessIdentity | null; restarts: number; restart(): Promise<void> };
}

/**
 * A target in memory: the path `db` through the proxy `p`, and a subject `worker` where a test sets one. Its folder of controls
 * is the rig's own, but where one is given.
 */
export function rig(t: Test, given?: string): Rig {
	const ledgerFile = join(lastingFolder(t), "ledger.ndjson");
	const controls = given ?? join(t.testdirName, "controls");
	mkdirSync(controls, { recursive: true });
	const ledger = new Ledger(ledgerFile);
	t.teardown(() => ledger.close());
	const toxiproxy = new FakeToxiproxy();
	const sees: Rig["sees"] = {
		trip: (how, limitMs, ask) => tripThrough(toxiproxy.proxies.get("p")!, limitMs, how, ask),
	};
	const process: Rig["process"] = { identity: null, restarts: 0, restart: async () => {} };
	const probe = {
		old: async (limitMs: number, ask: Ask = {}) => sees.trip("old", limitMs, ask),
		fresh: async (limitMs: number, ask: Ask = {}) => sees.trip("fresh", limitMs, ask),
		hangUp: async (limitMs: number) => sees.trip("close", limitMs, {}),
		close() {},
	} as unknown as Probe;
	const known = <T>(wanted: string, on: string, value: T): T => {
		if (on !== wanted) throw new Error(`no path "${on}"`);
		return value;
	};
	const closedProbes: string[] = [];
	const target: Target = {
		toxiproxy: toxiproxy.client,
		env: { PATH: globalThis.process.env.PATH },
		proxiesOf: async (on) => known("db", on, ["p"]),
		postgresOf: async (on) => known("db", on, "postgres://127.0.0.1:1/db"),
		redisOf: async (on) => known("cache", on, "redis://127.0.0.1:1"),
		kafkaOf: async (on) => known("log", on, ["127.0.0.1:1"]),
		ownName: (of, name) => (of === "slot" ? `flt_run_${name}` : `flt:${name}`),
		owns: (name) => name.startsWith("flt"),
		processOf: async (on) => known("worker", on, process.identity!),
		expectEnd() {},
		controlsOf: async (on) => known("worker", on, { folder: controls, node: true }),
		async restart() {
			process.restarts += 1;
			await process.restart();
		},
		probeOf: async () => probe,
		closeProbe: async (faultId) => {
			closedProbes.push(faultId);
		},
	};
	const states: string[] = [];
	const zeroMs = performance.now();
	const context: InjectionContext = {
		target,
		ledger,
		runId: "run-1",
		case: null,
		nowMs: () => performance.now() - zeroMs,
		onChange: ({ state, provedMs }: FaultRecord) =>
			states.push(provedMs !== null && state === "injected" ? "proved" : state),
	};
	const kept = { ledger, ledgerFile, controls, states, closedProbes };
	return { ...kept, toxiproxy, target, context, sees, process };
}

export const planned = { fromMs: 0, toMs: 1_000 };
