import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Endpoint } from "../../base/endpoint.ts";
import { FaultlineError } from "../../base/errors.ts";
import { hostPortText } from "../../base/host-port.ts";
import { commandOf } from "../../base/listeners.ts";
import type { ProcessIdentity } from "../../base/process.ts";
import type { ServiceId } from "../../base/services.ts";
import { processesOf, type ServiceProcess } from "../../base/services.ts";
import { type External, externalsOf, isExternal } from "../../scenarios/contract/external.ts";
import { runNames } from "../../scenarios/contract/names.ts";
import type { PlanData, Trial } from "../../scenarios/contract/plan.ts";
import type { RunParams } from "../../scenarios/contract/run-params.ts";
import type { SubjectSpec } from "../../scenarios/contract/subject.ts";
import type { ToxiproxyClient } from "../../toxiproxy/client.ts";
import { proxyPrefix, standingProxyName } from "../../toxiproxy/proxies.ts";
import type { Home } from "../home/home.ts";
import type { CaseContext } from "../host/protocol.ts";
import { relayFor } from "../stack/socket-relay.ts";
import { through } from "../stack/urls.ts";
import type { Interrupt } from "../watch/interrupt.ts";
import { addressOf } from "./external-endpoint.ts";
import { type OpenExternal, openExternal } from "./external-path.ts";
import { createNamespace, endpointsFor, type RunServices } from "./namespace.ts";
import { Subject, type SubjectHome } from "./subjects.ts";
import { RunTarget } from "./target.ts";

/** What runs need of the stack; the daemon's satisfies it. */
export interface RunStack {
	home: Home;
	/** The environment of everything that is started: marked as ours, free of our settings and secrets. */
	env: Readonly<Record<string, string | undefined>>;
	toxiproxy: ToxiproxyClient;
	/** Direct, or null where the process is not up; Kafka's first broker has the addresses of all. */
	endpoint(id: ServiceProcess): Endpoint | null;
	/** Through the standing proxy. */
	proxied(service: ServiceId): Endpoint | null;
	/**
	 * Has those of these that are started on demand up until the answer is called, telling what it does; throws
	 * `FLT_COMPONENT_MISSING` where one can't be had.
	 */
	lease(
		needs: readonly ServiceId[],
		say: (line: string) => void,
		signal: AbortSignal,
	): Promise<() => void>;
	/** Whether this daemon has started it, or would on demand: what is external is not broken. */
	isOurs(id: ServiceProcess): boolean;
	/** The root process that this daemon started under this name; null for an external service. */
	root(id: ServiceProcess): ProcessIdentity | null;
	/** Every process that this daemon started or adopted and that still runs, Toxiproxy among them. */
	roots(): ProcessIdentity[];
	/** Starts a process of a service again on its ports. */
	restart(id: ServiceProcess): Promise<void>;
	/** The first of these that has died since it came up, with what was seen; null while all live. */
	lost(needs: readonly ServiceProcess[]): string | null;
}

export interface StageOptions {
	runId: string;
	/** The run's zero on the monotonic clock. */
	zeroNs: bigint;
	/** Where two parts of a run are there at once, the one that this is: it has names and folders of its own. */
	part: string | null;
	scenarioFile: string;
	needs: readonly ServiceId[];
	plan: PlanData;
	stack: RunStack;
	/** Subjects that go on from case to case, by name, those of earlier cases among them; null where none does. */
	kept: Map<string, Subject> | null;
	/** Whether faults may break what Faultline has not started, where the plan says so. */
	allowDestructive: boolean;
	onSubjectExit: SubjectHome["onExit"];
	/** What is to be known of this run. */
	say(line: string): void;
}

/** Prefix of all proxies that one run makes. */
export function runProxyPrefix(homeId: string, runId: string): string {
	return `${proxyPrefix(homeId)}${runId}-`;
}

/** The names of a service's standing proxies: one for each of its processes that are there. */
export function standingProxyNames(stack: RunStack, service: ServiceId): string[] {
	const proxied = stack.proxied(service);
	const brokers = proxied?.kind === "kafka" ? proxied.brokers.length : 1;
	const there = processesOf(service).slice(0, brokers);
	return there.map((id) => standingProxyName(stack.home.id, id));
}

/** The folder that the processes of a run, or of a part of it, work in; removed with the run. */
export function workFolderOf(home: Home, runId: string, part: string | null = null): string {
	return join(home.folder, "work", runId, part ?? "");
}

/** Those of these services that are up, with where each is reached. */
export function servicesUp(stack: RunStack, needs: readonly ServiceId[]): RunServices {
	return new Map(
		needs.flatMap((id) => {
			const endpoint = stack.endpoint(id);
			return endpoint === null ? [] : [[id, endpoint] as const];
		}),
	);
}

/** All that one case stands on: its database, its paths with a proxy each, its subjects. */
export class Stage {
	readonly target: RunTarget;
	readonly #options: StageOptions;
	readonly #relays: { close(): void | Promise<void> }[] = [];
	readonly #direct: { [K in ServiceId]?: Endpoint } = {};

	constructor(options: StageOptions) {
		this.#options = options;
		this.target = new RunTarget(
			options.stack,
			options.needs,
			runNames(options.runId, options.part),
		);
	}

	/** Makes the namespace and a proxy for every path that leads to a service. */
	async open(): Promise<void> {
		const { stack, needs, plan, runId, part } = this.#options;
		const names = runNames(runId, part);
		await createNamespace(servicesUp(stack, needs), names);
		mkdirSync(workFolderOf(stack.home, runId, part), { recursive: true });
		// What is not up was refused before the run was queued.
		for (const [id, endpoint] of await endpointsFor(servicesUp(stack, needs), names))
			this.#direct[id] = endpoint;
		for (const [path, target] of Object.entries(plan.paths)) {
			if (typeof target === "string") await this.#openServicePath(path, target);
		}
		for (const [path, external] of externalsOf(plan)) await this.#openExternalPath(path, external);
	}

	/**
	 * Starts the subjects: those that a path leads to one after another, before any that comes later in the plan; the
	 * others do not wait for each other.
	 */
	async startSubjects(interrupt: Interrupt): Promise<void> {
		const { plan } = this.#options;
		const starting: Promise<void>[] = [];
		try {
			for (const [name, spec] of Object.entries(plan.subjects ?? {})) {
				interrupt.check();
				const ledTo = Object.entries(plan.paths).flatMap(([path, target]) =>
					typeof target !== "string" && !isExternal(target) && target.subject === name
						? [path]
						: [],
				);
				const started = this.#startSubject(name, spec);
				if (ledTo.length === 0) starting.push(started);
				else await started;
				for (const path of ledTo) {
					const { url } = this.target.subjects.get(name)!;
					await this.#openPath(path, { kind: "http", url });
				}
			}
		} finally {
			// However this ends: one that nobody waits for would come to life after the clean-up.
			await Promise.allSettled(starting);
		}
		await Promise.all(starting);
	}

	async #startSubject(name: string, spec: SubjectSpec): Promise<void> {
		const { stack, runId, part, scenarioFile, onSubjectExit, kept } = this.#options;
		const paths = Object.fromEntries(
			[...this.target.paths].map(([path, { endpoint }]) => [path, asVariable(endpoint)]),
		);
		const before = kept?.get(name);
		if (before?.isKeptFor(spec)) {
			this.target.subjects.set(name, before);
			return before.goOn(spec, paths);
		}
		await before?.remove();
		const home = {
			runId,
			scenarioFile,
			workFolder: workFolderOf(stack.home, runId, part),
			logFolder: join(stack.home.runs, runId, "subjects", part ?? ""),
			names: runNames(runId, part),
			env: stack.env,
			onExit: onSubjectExit,
		};
		const subject = new Subject(name, spec, home, paths);
		this.target.subjects.set(name, subject);
		if (spec.keep) kept?.set(name, subject);
		else kept?.delete(name);
		return subject.start();
	}

	context(params: RunParams, caseId: string | null, trial: Trial | null): CaseContext {
		const { stack, runId, part, zeroNs } = this.#options;
		const subjects = [...this.target.subjects];
		return {
			runId,
			case: caseId,
			params,
			zeroNs,
			trial,
			names: runNames(runId, part),
			direct: this.#direct,
			paths: Object.fromEntries(
				[...this.target.paths].map(([path, { endpoint }]) => [path, endpoint]),
			),
			subjects: Object.fromEntries(
				subjects.flatMap(([name, subject]) =>
					subject.identity && subject.listens ? [[name, subject.url]] : [],
				),
			),
			subjectFolders: Object.fromEntries(subjects.map(([name, subject]) => [name, subject.folder])),
			journalFolder: join(stack.home.runs, runId, "journal", caseId ?? ""),
			filesFolder: join(stack.home.runs, runId, "files"),
		};
	}

	/** Ends probes, and subjects that are not kept; what has a name of the run goes with the run's clean-up. */
	async close(): Promise<void> {
		await this.target.closeProbes();
		const { kept } = this.#options;
		const ending = [...this.target.subjects].filter(([name, one]) => kept?.get(name) !== one);
		await Promise.all(ending.map(([, subject]) => subject.stop()));
		await Promise.all(this.#relays.map((relay) => relay.close()));
	}

	async #openServicePath(path: string, service: ServiceId): Promise<void> {
		const { stack } = this.#options;
		const direct = this.#direct[service];
		if (direct === undefined) throw noSuchService(service);
		if (service !== "kafka") return this.#openPath(path, direct);
		// A Kafka client leaves the proxy for the advertised address, so its path is the proxy that is advertised.
		const endpoint = stack.proxied(service);
		if (endpoint === null) throw noSuchService(service);
		this.target.paths.set(path, {
			proxies: standingProxyNames(stack, service),
			endpoint,
			direct,
		});
	}

	async #openExternalPath(path: string, external: External): Promise<void> {
		const { stack, part, allowDestructive, say } = this.#options;
		const opened = await openExternal(path, external, { home: stack.home, allowDestructive, say });
		this.#relays.push(opened);
		this.target.externals.set(path, opened);
		if (allowDestructive) say(allowedLine(path, opened));
		const { direct, ways } = opened;
		const proxies: { name: string; listen: string }[] = [];
		for (const [i, { listen, upstream }] of ways.entries()) {
			const name = this.#proxyName(i === 0 ? path : `${path}-${i + 1}`, part);
			proxies.push(await stack.toxiproxy.createProxy({ name, listen, upstream }));
		}
		const listens = proxies.map(({ listen }) => listenedAt(listen));
		this.target.paths.set(path, {
			proxies: proxies.map(({ name }) => name),
			direct,
			endpoint: through(direct, listens.join()),
		});
	}

	async #openPath(path: string, direct: Endpoint): Promise<void> {
		if (direct.kind === "kafka") throw new Error("a Kafka path has no proxy of its own");
		const { stack, part } = this.#options;
		const proxy = await stack.toxiproxy.createProxy({
			name: this.#proxyName(path, part),
			listen: "127.0.0.1:0",
			upstream: await this.#upstreamOf(direct),
		});
		this.target.paths.set(path, {
			proxies: [proxy.name],
			direct,
			endpoint: through(direct, listenedAt(proxy.listen)),
		});
	}

	#proxyName(path: string, part: string | null): string {
		const { stack, runId } = this.#options;
		return runProxyPrefix(stack.home.id, runId) + (part === null ? path : `${part}-${path}`);
	}

	/** The host:port that a proxy leads to; behind a socket of the file system it is a relay's. */
	async #upstreamOf(direct: Endpoint): Promise<string> {
		const address = addressOf(direct);
		if (address !== null) return hostPortText(address);
		const relay = direct.kind === "postgres" ? await relayFor(direct.url) : null;
		if (relay === null) throw new Error(`nothing leads to ${direct.kind} without a port`);
		this.#relays.push(relay);
		return relay.address;
	}
}

function allowedLine(path: string, { process, shown }: OpenExternal): string {
	const { known } = process;
	const which = known === null ? "" : `, process ${known.pid} (${commandOf(known.pid)})`;
	return `faults may break ${path}, ${shown}${which}, which Faultline has not started: it was allowed by --allow-destructive`;
}

function listenedAt(listen: string): string {
	return listen.replace("[::]", "127.0.0.1");
}

/** What a subject is told of an endpoint: its URL, or the brokers as clients of Kafka take them. */
function asVariable(endpoint: Endpoint): string {
	return endpoint.kind === "kafka" ? endpoint.brokers.join(",") : endpoint.url;
}

function noSuchService(service: ServiceId): FaultlineError {
	return new FaultlineError(
		"FLT_COMPONENT_MISSING",
		`${service} is not up`,
		"faultline doctor says what was tried and how to get it",
	);
}
