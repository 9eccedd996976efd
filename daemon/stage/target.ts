import type { Endpoint } from "../../base/endpoint.ts";
import { FaultlineError } from "../../base/errors.ts";
import { isAlive, type ProcessIdentity } from "../../base/process.ts";
import type { RunNames } from "../../base/run-names.ts";
import type { ServiceId } from "../../base/services.ts";
import { processesOf, type ServiceProcess } from "../../base/services.ts";
import type { Acts, ActsWhere } from "../../chaos/fault.ts";
import { Probe } from "../../chaos/probe.ts";
import type { Controls } from "../../chaos/subject/controls.ts";
import type { Target } from "../../chaos/target.ts";
import { isOfRun } from "../../scenarios/contract/names.ts";
import type { ToxiproxyClient } from "../../toxiproxy/client.ts";
import type { ExternalEnd } from "./external-path.ts";
import { probeOfLife, probeWithLife } from "./probe-of-life.ts";
import type { Subject } from "./subjects.ts";

/** What a run's faults need of the stack. */
export interface TargetStack {
	readonly toxiproxy: ToxiproxyClient;
	readonly env: Target["env"];
	endpoint(id: ServiceProcess): Endpoint | null;
	root(id: ServiceProcess): ProcessIdentity | null;
	restart(id: ServiceProcess): Promise<void>;
}

export interface Path {
	proxies: string[];
	/** Through the proxy. */
	endpoint: Endpoint;
	/** Past it, for faults that act on the server itself. */
	direct: Endpoint;
}

/** What the faults of one run can act on: its paths, the servers behind them, its subjects, its services. */
export class RunTarget implements Target {
	readonly paths = new Map<string, Path>();
	readonly subjects = new Map<string, Subject>();
	/** What runs anyhow, by the paths that lead to it. */
	readonly externals = new Map<string, ExternalEnd>();
	/** Services that a fault has broken, or is about to: that they are gone is no loss of a component. */
	readonly broken = new Set<ServiceProcess>();
	readonly #stack: TargetStack;
	readonly #services: readonly ServiceId[];
	readonly #names: RunNames | null;
	readonly #probes = new Map<string, { on: string; probe: Promise<Probe> }>();

	/** `names`: the run's; null outside of runs, where nothing is anybody's own. */
	constructor(stack: TargetStack, services: readonly ServiceId[], names: RunNames | null) {
		this.#stack = stack;
		this.#services = services;
		this.#names = names;
	}

	get toxiproxy(): ToxiproxyClient {
		return this.#stack.toxiproxy;
	}

	/** The processes of what runs anyhow, as far as they are known. */
	get runAnyhow(): ProcessIdentity[] {
		return [...this.externals.values()].flatMap(({ process }) => process.known ?? []);
	}

	get env(): Target["env"] {
		return this.#stack.env;
	}

	async proxiesOf(on: string): Promise<string[]> {
		return this.#path(on).proxies;
	}

	async postgresOf(on: string): Promise<string> {
		const { direct } = this.#insideOf(on);
		if (direct.kind !== "postgres") throw missing("Postgres behind path", on, []);
		return direct.url;
	}

	async redisOf(on: string): Promise<string> {
		const { direct } = this.#insideOf(on);
		if (direct.kind !== "redis") throw missing("Redis behind path", on, []);
		return direct.url;
	}

	async kafkaOf(on: string): Promise<string[]> {
		const { direct } = this.#insideOf(on);
		if (direct.kind !== "kafka") throw missing("Kafka behind path", on, []);
		return [...direct.brokers];
	}

	async processOf(on: string): Promise<ProcessIdentity> {
		if (this.externals.has(on)) return this.#toBreak(on).process.toBreak();
		const service = this.#serviceOf(on);
		if (service !== null) {
			const root = this.#stack.root(service);
			if (root === null) throw missing("service that this daemon started", on, []);
			this.broken.add(service);
			return root;
		}
		const subject = this.#subject(on);
		await subject.started;
		if (subject.identity === null) throw missing("running subject", on, [...this.subjects.keys()]);
		return subject.identity;
	}

	expectEnd(on: string): void {
		this.subjects.get(on)?.expectEnd();
	}

	async controlsOf(on: string): Promise<Controls> {
		const subject = this.subjects.get(on);
		if (subject === undefined) throw missing("subject", on, [...this.subjects.keys()]);
		return subject.controls;
	}

	async restart(on: string): Promise<void> {
		const external = this.externals.get(on);
		if (external !== undefined) return external.process.comeBack();
		const service = this.#serviceOf(on);
		if (service !== null) {
			const root = this.#stack.root(service);
			if (root === null || !isAlive(root)) await this.#stack.restart(service);
			this.broken.delete(service);
			return;
		}
		const subject = this.#subject(on);
		if (!subject.running) await subject.start();
	}

	/** Whether a fault of this kind can act on this name here. */
	reaches(on: string, acts: Acts): boolean {
		if (acts !== "process") return this.paths.has(on);
		return this.subjects.has(on) || this.externals.has(on) || this.#serviceOf(on) !== null;
	}

	/** The names that a fault of this kind can act on here. */
	namesFor({ acts, within, ownServer }: ActsWhere): string[] {
		const processes = this.#services.flatMap(processesOf);
		const startedHere = processes.filter((process) => this.#stack.root(process) !== null);
		if (acts === "process") {
			const subjects = [...this.subjects]
				.filter(([, { controls }]) => within !== "node" || controls.node)
				.map(([name]) => name);
			if (within !== undefined) return subjects;
			const external = [...this.externals.keys()].filter((name) => this.#mayBreak(name));
			return [...new Set([...subjects, ...external, ...startedHere])];
		}
		if (acts === "path") return [...this.paths.keys()];
		return [...this.paths]
			.filter(([name, { direct }]) => direct.kind === acts && this.#mayBreak(name))
			.filter(
				([name]) =>
					!ownServer ||
					(!this.externals.has(name) && startedHere.some((service) => service === acts)),
			)
			.map(([name]) => name);
	}

	ownName(of: "topic" | "key" | "slot", name: string): string {
		if (this.#names === null) return name;
		const { database, topicPrefix, keyPrefix } = this.#names;
		switch (of) {
			case "topic":
				return topicPrefix + name;
			case "key":
				return keyPrefix + name;
			case "slot":
				return `${database}_${name}`;
			default:
				return of satisfies never;
		}
	}

	owns(name: string): boolean {
		return this.#names !== null && isOfRun(this.#names, name);
	}

	probeOf(on: string, faultId: string): Promise<Probe> {
		const known = this.#probes.get(faultId);
		if (known !== undefined) return known.probe;
		const probe = this.#openProbe(on);
		this.#probes.set(faultId, { on, probe });
		return probe;
	}

	async closeProbe(faultId: string): Promise<void> {
		const known = this.#probes.get(faultId);
		if (known === undefined) return;
		this.#probes.delete(faultId);
		// Not every kind restarts what it has broken: from now on it is a loss again if this one is gone.
		const service = this.#serviceOf(known.on);
		const others = [...this.#probes.values()].some(({ on }) => on === known.on);
		if (service !== null && !others) this.broken.delete(service);
		(await known.probe).close();
	}

	async closeProbes(): Promise<void> {
		await Promise.all([...this.#probes.keys()].map((faultId) => this.closeProbe(faultId)));
	}

	#openProbe(on: string): Promise<Probe> {
		const external = this.externals.get(on);
		const path = this.paths.get(on);
		// An echo on the way says nothing of the process at its end.
		if (external !== undefined && path?.endpoint.kind === "tcp")
			return probeWithLife(path.endpoint, () => external.process.known);
		const subject = this.subjects.get(on);
		return subject === undefined || subject.listens || path !== undefined
			? Probe.open(this.#addressOf(on))
			: probeOfLife(() => subject.identity);
	}

	#mayBreak(on: string): boolean {
		return this.externals.get(on)?.mayBreak ?? true;
	}

	/** The path to a server that faults act inside of. */
	#insideOf(on: string): Path {
		if (this.externals.has(on)) this.#toBreak(on);
		return this.#path(on);
	}

	/** What runs anyhow, for who is about to break it; throws where that is not allowed. */
	#toBreak(on: string): ExternalEnd {
		const external = this.externals.get(on)!;
		if (external.mayBreak) return external;
		throw new FaultlineError("FLT_FORBIDDEN", whyNotAllowed(on, external.shown), howToAllow);
	}

	#addressOf(on: string): Endpoint {
		const path = this.paths.get(on);
		if (path !== undefined) return path.endpoint;
		const service = this.#serviceOf(on);
		const endpoint = service === null ? null : this.#stack.endpoint(service);
		if (endpoint !== null) return endpoint;
		return { kind: "http", url: this.#subject(on).url };
	}

	#path(on: string): Path {
		const path = this.paths.get(on);
		if (path === undefined) throw missing("path", on, [...this.paths.keys()]);
		return path;
	}

	#subject(on: string): Subject {
		const subject = this.subjects.get(on);
		if (subject === undefined)
			throw missing("subject or service", on, [...this.subjects.keys(), ...this.#services]);
		return subject;
	}

	/** A subject of the same name comes first, and so does what runs anyhow. */
	#serviceOf(on: string): ServiceProcess | null {
		if (this.subjects.has(on) || this.externals.has(on)) return null;
		return this.#services.flatMap(processesOf).find((process) => process === on) ?? null;
	}
}

/** Of a fault that is to break what its path leads to. */
export function whyNotAllowed(on: string, shown: string): string {
	return `it would break what "${on}" leads to, ${shown}, which Faultline has not started, and that has to be allowed`;
}

export const howToAllow =
	'allow it for this run alone: --allow-destructive, or "allowDestructive": true in the body of the start, with the owner\'s token';

function missing(what: string, on: string, known: string[]): FaultlineError {
	return new FaultlineError(
		"FLT_NO_PATH",
		`no ${what} "${on}"`,
		known.length > 0 ? `there are: ${known.join(", ")}` : "this run has none",
	);
}

/** What faults of a run that is over can still act on: proxies by name, processes by identity; nothing is restarted. */
export function recoveryTarget(stack: Pick<TargetStack, "toxiproxy">): Target {
	const end = (): never => {
		throw new Error("the run is over");
	};
	const over = async () => end();
	return {
		// Asked for when it is needed: a frozen process is thawed without it.
		get toxiproxy() {
			return stack.toxiproxy;
		},
		env: {},
		proxiesOf: over,
		postgresOf: over,
		redisOf: over,
		kafkaOf: over,
		processOf: over,
		expectEnd() {},
		controlsOf: over,
		restart: async () => {},
		probeOf: over,
		closeProbe: async () => {},
		ownName: end,
		owns: () => false,
	};
}
