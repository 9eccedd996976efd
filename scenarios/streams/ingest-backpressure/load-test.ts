import { parseArgs } from "node:util";
import { monotonicMs, OperationError, pause } from "faultline";
import { Slots } from "../../subjects/slots.ts";
import { type Api, guardedClients, naiveClients, type SendEvent } from "./client.ts";
import { eventOf } from "./event.ts";
import { usefulMs, type Work } from "./goodput.ts";
import { guardedPolicy, naivePolicy, type Policy } from "./policies.ts";
import { ingestService } from "./service.ts";

// The load test by itself, in one process and without Kafka and Postgres: the service and its clients are the real ones,
// what lies behind is slots that wait. `node load-test.ts --burst 10 --seconds 3` prints what came through, guarded and naive.

const slots = 4;
const serviceMs = 40;
const capacityPerSec = (1_000 * slots) / serviceMs;
const deadlineMs = 300;
const mix = { seed: 1, clients: 20 };

export interface Outcome {
	/** Of the slots' time while the burst lasted, what went into events that were answered in time. */
	goodputPct: number;
	acceptedCount: number;
	refusedCount: number;
	/** Nobody knows what became of them. */
	unknownCount: number;
}

/** A burst of so many times what the store takes, by these clients on a service with this policy. */
export async function loadTest(
	policy: Policy,
	sendEvent: SendEvent,
	{ burst, forMs }: { burst: number; forMs: number },
): Promise<Outcome> {
	const store = new Slots(slots);
	const work: Work[] = [];
	const app = await ingestService({
		policy,
		downstream: {
			publish: async () => {},
			async store({ eventId }) {
				const { startMs, endMs } = await store.hold(monotonicMs(), serviceMs, async () => {});
				work.push([eventId, startMs, endMs]);
			},
		},
		usualDeadlineMs: deadlineMs,
		nowMs: monotonicMs,
		tell: () => {},
	});
	const api = apiAt(await app.listen({ port: 0, host: "127.0.0.1" }));
	const ratePerSec = burst * capacityPerSec;
	const fromMs = monotonicMs();
	const accepted = new Set<string>();
	const ends = { fail: 0, unknown: 0 };
	const sendOne = async (n: number) => {
		const event = eventOf(n, mix);
		const intendedAtMs = fromMs + (1_000 * n) / ratePerSec;
		const signal = AbortSignal.timeout(deadlineMs);
		const operation = {
			n,
			phase: "steady",
			intendedMs: intendedAtMs - fromMs,
			intendedAtMs,
			signal,
		};
		try {
			await sendEvent(api, event, operation);
			accepted.add(event.eventId);
		} catch (error) {
			ends[error instanceof OperationError && error.outcome.kind === "fail" ? "fail" : "unknown"] +=
				1;
		}
	};
	const sent: Promise<void>[] = [];
	for (let n = 0; n < (ratePerSec * forMs) / 1_000; n++) {
		await pause(Math.max(0, fromMs + (1_000 * n) / ratePerSec - monotonicMs()));
		sent.push(sendOne(n));
	}
	await Promise.all(sent);
	store.halt();
	app.server.closeAllConnections();
	await app.close();
	const window = { fromMs, toMs: fromMs + forMs };
	const useful = usefulMs(work, (eventId) => accepted.has(eventId), window);
	return {
		goodputPct: (100 * useful) / (slots * forMs),
		acceptedCount: accepted.size,
		refusedCount: ends.fail,
		unknownCount: ends.unknown,
	};
}

export const guardedTest = (options: { burst: number; forMs: number }): Promise<Outcome> =>
	loadTest(
		guardedPolicy({ serviceMs }),
		guardedClients({
			...mix,
			contract: { ratePerSec: 0.4 * capacityPerSec, burst: 8 },
			deadlineMs,
			budgetShare: 0.1,
		}),
		options,
	);

export const naiveTest = (options: { burst: number; forMs: number }): Promise<Outcome> =>
	loadTest(naivePolicy, naiveClients(), options);

function apiAt(base: string): Api {
	return {
		async request({ path, headers, ...init }) {
			const response = await fetch(`${base}${path}`, { ...init, headers });
			await response.arrayBuffer();
			return { status: response.status, headers: Object.fromEntries(response.headers) };
		},
	};
}

if (import.meta.main) {
	const { values } = parseArgs({
		options: {
			burst: { type: "string", default: "5" },
			seconds: { type: "string", default: "3" },
		},
	});
	const options = { burst: Number(values.burst), forMs: 1_000 * Number(values.seconds) };
	console.log(`${capacityPerSec}/s can be served, ${options.burst * capacityPerSec}/s come`);
	console.table({ guarded: await guardedTest(options), naive: await naiveTest(options) });
}
