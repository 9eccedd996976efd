import type { Endpoint } from "../../base/endpoint.ts";
import { FaultlineError } from "../../base/errors.ts";
import { Probe } from "../../chaos/probe.ts";
import type { Target } from "../../chaos/target.ts";
import type { ToxiproxyClient } from "../../toxiproxy/client.ts";
import type { Subject } from "./subjects.ts";

export interface Path {
	proxy: string;
	/** Through the proxy. */
	endpoint: Endpoint;
	/** Past it, for faults that act on the server itself. */
	direct: Endpoint;
}

/** What the faults of one run can act on: its paths, the servers behind them, its subjects. */
export class RunTarget implements Target {
	readonly toxiproxy: ToxiproxyClient;
	readonly paths = new Map<string, Path>();
	readonly subjects = new Map<string, Subject>();
	readonly #probes = new Map<string, Promise<Probe>>();

	constructor(toxiproxy: ToxiproxyClient) {
		this.toxiproxy = toxiproxy;
	}

	async proxyOf(on: string): Promise<string> {
		return this.#path(on).proxy;
	}

	async postgresOf(on: string): Promise<string> {
		const { direct } = this.#path(on);
		if (direct.kind !== "postgres") throw missing("Postgres behind path", on, []);
		return direct.url;
	}

	async processOf(on: string) {
		const subject = this.#subject(on);
		await subject.started;
		if (subject.identity === null) throw missing("running subject", on, [...this.subjects.keys()]);
		subject.expectEnd();
		return subject.identity;
	}

	async restart(on: string): Promise<void> {
		const subject = this.#subject(on);
		if (!subject.running) await subject.start();
	}

	probeOf(on: string, faultId: string): Promise<Probe> {
		const known = this.#probes.get(faultId);
		if (known !== undefined) return known;
		const probe = Probe.open(this.#addressOf(on));
		this.#probes.set(faultId, probe);
		return probe;
	}

	async closeProbes(): Promise<void> {
		for (const probe of this.#probes.values()) (await probe).close();
		this.#probes.clear();
	}

	#addressOf(on: string): Endpoint {
		const path = this.paths.get(on);
		if (path !== undefined) return path.endpoint;
		return { kind: "http", url: this.#subject(on).url };
	}

	#path(on: string): Path {
		const path = this.paths.get(on);
		if (path === undefined) throw missing("path", on, [...this.paths.keys()]);
		return path;
	}

	#subject(on: string): Subject {
		const subject = this.subjects.get(on);
		if (subject === undefined) throw missing("subject", on, [...this.subjects.keys()]);
		return subject;
	}
}

function missing(what: string, on: string, known: string[]): FaultlineError {
	return new FaultlineError(
		"FLT_NO_PATH",
		`no ${what} "${on}"`,
		known.length > 0 ? `there are: ${known.join(", ")}` : "this run has none",
	);
}

/** What faults of a run that is over can still act on: proxies by name, processes by identity; nothing is restarted. */
export function recoveryTarget(toxiproxy: ToxiproxyClient): Target {
	const over = async (): Promise<never> => {
		throw new Error("the run is over");
	};
	return {
		toxiproxy,
		proxyOf: over,
		postgresOf: over,
		processOf: over,
		restart: async () => {},
		probeOf: over,
	};
}
