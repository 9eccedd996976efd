import {
	type AtScale,
	type FaultSpec,
	load,
	OperationError,
	pause,
	phasesOf,
	plannedMs,
	scenario,
	TransportError,
	withPostgres,
} from "faultline";
import { atRest, attemptsFile, observe, truth } from "./hooks.ts";
import { judgement, refusedRule } from "./judgement.ts";
import { large, type P, properties, small } from "./params.ts";
import { makeTables } from "./tables.ts";

/** What one mode of failure has of its own; the DAG, its guards, its load and its judgement are those of all. */
export interface Mode {
	title: string;
	question: string;
	/** From the start of `faulting` to `p.faultMs`. */
	faults(p: P): FaultSpec<"source" | "sink" | "worker">[];
	sizes?: { small?: Partial<P>; large?: Partial<P> };
	/** Checks that its twin must fail. */
	twinFails: readonly string[];
	/** Where its defaults differ: by parameter. */
	defaults?: Partial<Record<keyof typeof properties, number>>;
	atScale: AtScale;
}

/** How long the scheduler waits before it asks again for a batch whose worker did not answer. */
const askAgainMs = 100;

/**
 * A scenario of one mode of failure: batches are due at a steady rate, a scheduler asks the worker for each until it is
 * told how it ended, and something breaks on the way.
 */
export function failureMode(mode: Mode) {
	return scenario({
		title: mode.title,
		question: mode.question,
		params: withDefaults(mode.defaults ?? {}),
		sizes: {
			small: { ...small, ...mode.sizes?.small },
			large: { ...large, ...mode.sizes?.large },
		},
		twin: { fails: mode.twinFails },
		needs: ["postgres"],
		plan: (p) => ({
			phases: phasesOf(p),
			paths: {
				source: "postgres",
				sink: "postgres",
				state: "postgres",
				db: "postgres",
				orders: { subject: "orders" },
				dag: { subject: "worker" },
			},
			subjects: {
				orders: {
					file: "../../subjects/order-service.ts",
					env: { SLOTS: 4, SERVICE_MS: 10 },
				},
				worker: {
					file: "./pipeline/worker.ts",
					env: {
						GUARD: p.guard,
						SEED: p.seed,
						ATTEMPTS_FILE: attemptsFile,
						ROW_MS: p.rowMs,
						TRY_TIMEOUT_MS: p.tryTimeoutMs,
						PATIENCE_MS: p.patienceMs,
						NAIVE_RETRY_AFTER_MS: p.naiveRetryAfterMs,
					},
				},
			},
			loads: {
				batches: load({
					arrival: { kind: "constant", ratePerSec: p.ratePerSec },
					clients: { dag: { driver: "http", at: "dag", connections: p.inFlightMax } },
					deadlineMs: p.deadlineMs,
					inFlightMax: p.inFlightMax,
					journal: true,
					work: async ({ dag }, { n, signal }) => {
						for (;;) {
							try {
								const path = `/batches/${n}`;
								const { status } = await dag.request({ method: "POST", path, signal });
								if (status === 200) return `batch-${n}`;
								if (status === 422) throw new OperationError("fail", "refused");
								throw new OperationError("unknown", `http_${status}`);
							} catch (error) {
								if (!(error instanceof TransportError)) throw error;
							}
							await pause(askAgainMs, signal);
							if (signal.aborted) throw new OperationError("unknown", "deadline");
						}
					},
				}),
			},
			faults: mode.faults(p),
			steady: [
				{ load: "batches", signal: "response_p99_ms", is: "below", value: 2 * p.tryTimeoutMs },
				{ load: "batches", signal: "error_pct", is: "below", value: 1 },
			],
			alerts: [
				{
					id: "batches-not-published",
					when: { load: "batches", signal: "ok_per_sec", is: "below", value: p.ratePerSec / 2 },
					forIntervals: 2,
				},
				{
					id: refusedRule,
					when: { load: "batches", signal: "error_pct", is: "above", value: 0 },
					forIntervals: 1,
					about: { kind: "data-limit" },
				},
			],
		}),
		atScale: mode.atScale,
	})
		.arrange(({ direct, params }) =>
			withPostgres(direct, (client) =>
				makeTables(client, { ...params, batches: batchesDue(params) }),
			),
		)
		.settle({ limitMs: 20_000, stillMs: 20, look: atRest })
		.observe(observe, truth)
		.judge(...judgement);
}

/** The most batches that the load may start, with a second to spare. */
function batchesDue(p: P): number {
	const faults = [{ toMs: p.faultMs }] as FaultSpec[];
	const runMs = plannedMs({ phases: phasesOf(p), faults }) + 1_000;
	return Math.ceil((p.ratePerSec * runMs) / 1_000);
}

function withDefaults(defaults: NonNullable<Mode["defaults"]>): typeof properties {
	const changed = Object.entries(properties).map(([name, schema]) => {
		const value = defaults[name as keyof typeof properties];
		return [name, value === undefined ? schema : { ...schema, default: value }];
	});
	return Object.fromEntries(changed);
}
