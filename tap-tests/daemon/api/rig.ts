import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { InjectOptions } from "fastify";
import type { Test } from "tap";
import type { ApiContext } from "../../../daemon/api/context.ts";
import type { GuardOptions } from "../../../daemon/api/guards.ts";
import { buildApi } from "../../../daemon/api/server.ts";
import { BaselineStore } from "../../../daemon/compare/baseline-store.ts";
import type { FaultsByHand } from "../../../daemon/faults/by-hand.ts";
import { ScenarioCatalog, SuiteCatalog } from "../../../daemon/host/catalog.ts";
import type {
	Described,
	DescribedSuite,
	ScenarioDescription,
} from "../../../daemon/host/protocol.ts";
import { LiveMetrics } from "../../../daemon/metrics/live-metrics.ts";
import type { RunBrief } from "../../../daemon/record/brief.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { EventLog } from "../../../daemon/record/events.ts";
import { RunStore } from "../../../daemon/record/store.ts";
import type { RunManager } from "../../../daemon/runs/manager.ts";
import { Suites } from "../../../daemon/suites/suites.ts";
import { resolveParams } from "../../../scenarios/contract/params.ts";
import { alertDesk } from "../desk/desk-rig.ts";
import { runDocument } from "../record/run-document.ts";

const description: ScenarioDescription = {
	name: "retry-storm",
	file: "/scenarios/retry-storm.scenario.ts",
	hash: "abc",
	title: "Retry storm",
	question: "Does it recover?",
	params: {
		type: "object",
		properties: { ratePerSec: { type: "number", default: 240, minimum: 1, maximum: 2_000 } },
	},
	sizes: {},
	guarded: true,
	twinFails: [],
	tools: [],
	needsFor: [],
	tolerates: [],
	needs: ["postgres"],
	limits: { hookMs: 30_000, memoryMb: 1_500 },
	atScale: { growth: "g", breaksFirst: "b", replacement: "r" },
	checks: ["exactly-once"],
};
const described: Described[] = [
	{ kind: "scenario", description },
	{ kind: "broken", name: "torn", file: "/scenarios/torn.scenario.ts", error: "no end" },
];
const suiteStep = { params: {}, expect: null, row: "retry-storm" };
export const describedSuites: DescribedSuite[] = [
	{
		kind: "suite",
		description: {
			name: "storms",
			file: "/scenarios/storms.suite.ts",
			hash: "s",
			values: ["ended"],
			title: "Storms",
			question: "Does each pass?",
			steps: [
				{ ...suiteStep, scenario: "retry-storm", params: { guard: "on" }, column: "on" },
				{ ...suiteStep, scenario: "retry-storm", params: { guard: "off" }, column: "off" },
			],
		},
	},
	{ kind: "broken", name: "bent", file: "/scenarios/bent.suite.ts", error: "it has no steps" },
];

/** One that an earlier version has left. */
export const faultLeft = {
	faultId: "down-1",
	runId: null,
	kind: "down",
	on: "db",
	undo: { proxies: ["p"] },
	plannedAt: "2026-01-01T00:00:00.000Z",
};

interface LiveRun {
	id: string;
	document: RunDocument;
	events: EventLog;
	ended: Promise<RunDocument>;
	end(given?: Partial<RunDocument>): void;
}

/** Runs that do nothing until a test ends them. */
export class FakeRuns {
	readonly store: RunStore;
	readonly lives = new Map<string, LiveRun>();
	readonly stopped: string[] = [];
	readonly active = null;
	readonly blocked = null;
	#count = 0;

	constructor(store: RunStore) {
		this.store = store;
	}

	/** The parameters of every run that was started. */
	get started(): object[] {
		return [...this.lives.values()].map(({ document }) => document.params);
	}

	async start(
		{ name, params, sizes, guarded }: ScenarioDescription,
		given: Record<string, unknown>,
	) {
		const resolved = resolveParams({ schema: params, sizes, guarded }, given);
		this.#count += 1;
		const runId = `20260101T00000${this.#count}Z-${name}-0001`;
		const document = runDocument({ runId, scenario: name, params: resolved.params });
		this.store.create(document);
		const events = new EventLog({
			nowMs: () => 0,
			keep: (event) => this.store.appendEvent(runId, event),
		});
		const { promise: ended, resolve } = Promise.withResolvers<RunDocument>();
		const end = (given: Partial<RunDocument> = {}) => {
			const done = { state: "done", verdict: "passed", asExpected: true };
			Object.assign(document, done, given);
			this.store.save(document);
			events.emit({ type: "end", state: "done", verdict: "passed", reasons: [] });
			resolve(document);
		};
		const run = { id: runId, document, events, ended, end };
		this.lives.set(runId, run);
		return run;
	}

	lastTry({ ended }: Pick<LiveRun, "ended">): Promise<RunDocument> {
		return ended;
	}

	live(runId: string): LiveRun | null {
		const run = this.lives.get(runId);
		return run?.document.state === "queued" ? run : null;
	}

	read(runId: string): RunDocument {
		return this.lives.get(runId)?.document ?? this.store.read(runId);
	}

	list(limit: number, before: string | null): RunBrief[] {
		return this.store.list(limit, before);
	}

	/** Nothing is measured here. */
	between<T>(work: () => Promise<T>): Promise<T> {
		return work();
	}

	eventsOf(runId: string) {
		return this.store.readEvents(runId);
	}

	async stop(runId: string): Promise<RunDocument> {
		const document = this.read(runId);
		this.stopped.push(runId);
		return document;
	}
}

export const ownerToken = "the-token-of-the-owner-0001";
export const host = "127.0.0.1:7070";

/** The API over fakes, without a port. `ask` is a request of a well-behaved program, but for what is given. */
export async function apiRig(
	t: Test,
	given: { guards?: Partial<GuardOptions>; context?: Partial<ApiContext> } = {},
) {
	const folder = join(t.testdir(), "runs");
	mkdirSync(folder, { recursive: true });
	const store = new RunStore(folder);
	const runs = new FakeRuns(store);
	const logged: string[] = [];
	const catalog = Object.assign(new ScenarioCatalog("/nowhere"), { list: async () => described });
	const guards: GuardOptions = {
		allowedHosts: [],
		port: () => 7070,
		token: null,
		ownerToken,
		...given.guards,
	};
	const app = await buildApi(
		{
			catalog,
			suiteCatalog: Object.assign(new SuiteCatalog("/nowhere"), {
				list: async () => describedSuites,
			}),
			suites: new Suites({
				runs: runs as unknown as RunManager,
				scenarios: catalog,
				home: { suites: join(folder, "..", "suites") },
				log: (line) => logged.push(line),
				table: async ({ runs }) => ({
					ok: true,
					conclusions: [],
					cells: runs.map(({ verdict }) => [{ value: verdict, unit: null, error: null }]),
				}),
			}),
			store,
			baselines: new BaselineStore(join(folder, "..", "baselines")),
			history: join(folder, "..", "history"),
			runs: runs as unknown as RunManager,
			stack: () => ({}),
			revive: async () => [],
			ready: () => true,
			faults: {
				inForce: [],
				left: [faultLeft],
				drop: () => faultLeft,
				blocked: false,
				placesOf: async () => ({ on: ["postgres"], unavailable: null }),
			} as unknown as FaultsByHand,
			nightly: {
				status: () => ({ running: null, next: null, missed: [], last: null }),
			} as unknown as ApiContext["nightly"],
			alerts: alertDesk().desk,
			metrics: new LiveMetrics(),
			log: (message) => logged.push(message),
			...given.context,
		},
		guards,
	);
	t.teardown(() => app.close());
	const ask = async (
		method: "GET" | "POST" | "HEAD" | "DELETE" | "PUT",
		url: string,
		more: InjectOptions = {},
	) => {
		const headers = { host, ...more.headers };
		const answer = await app.inject({ ...more, method, url, headers });
		return {
			status: answer.statusCode,
			headers: answer.headers,
			text: answer.body,
			get body() {
				// biome-ignore lint/suspicious/noExplicitAny: a document, of whatever shape
				return answer.json<any>();
			},
		};
	};
	return { app, ask, runs, store, logged };
}
