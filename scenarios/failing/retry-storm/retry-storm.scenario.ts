import { Type } from "typebox";
import { pause } from "../../../base/clock.ts";
import { type Facts, loadFacts } from "../../contract/facts.ts";
import { load } from "../../contract/plan.ts";
import type { Params } from "../../contract/run-params.ts";
import { type HookContext, scenario } from "../../contract/scenario.ts";
import { type Digest, digest } from "../../kit/digest.ts";
import { type ExactlyOnce, exactlyOnce } from "../../kit/exactly-once.ts";
import { withPostgres } from "../../kit/postgres.ts";
import { recoversInTime } from "../../kit/recovers-in-time.ts";
import { guardedClient, naiveClient } from "./clients.ts";
import { orderOf } from "./orders.ts";

/** Of one order, after its first try. */
const retriesMax = 4;
/** Of an order, the first included. */
const mostTries = 1.5;

const ms = (defaultMs: number, minimum: number, maximum: number, description: string) =>
	Type.Integer({ default: defaultMs, minimum, maximum, description: `${description}, ms` });

const properties = {
	ratePerSec: Type.Number({
		default: 240,
		minimum: 1,
		maximum: 2_000,
		description: "orders offered, per second",
	}),
	slots: Type.Integer({
		default: 4,
		minimum: 1,
		maximum: 64,
		description: "orders the downstream works on at once",
	}),
	serviceMs: ms(10, 1, 1_000, "time an order holds its slot"),
	outageMs: ms(3_000, 200, 60_000, "time that Postgres is out of the downstream's reach"),
	tryTimeoutMs: ms(250, 10, 10_000, "a client's patience per try"),
	naiveRetryAfterMs: ms(50, 0, 10_000, "the naive client's wait between tries"),
	deadlineMs: ms(8_000, 500, 60_000, "a client's patience in all"),
	warmMs: ms(2_000, 0, 60_000, "load before anything is judged"),
	steadyMs: ms(4_000, 500, 60_000, "undisturbed load"),
	recoverLimitMs: ms(8_000, 500, 120_000, "longest wait for steady state after the outage"),
	intervalMs: ms(500, 50, 1_000, "length of an interval"),
	inFlightMax: Type.Integer({
		default: 4_000,
		minimum: 1,
		maximum: 100_000,
		description: "clients that may wait at once; at least rate × (outage + recovery limit)",
	}),
};

type P = Params<typeof properties>;

type Observed = {
	/** Tries that the downstream counted. */
	downstreamAttempts: number;
	exactly: ExactlyOnce;
	/** Rows of accepted orders, as they are in the table. */
	rows: Digest;
};

export default scenario({
	title: "Retry storm: a downstream comes back to a crowd of retrying clients",
	question:
		"Do the clients' retries let the downstream recover, and is every accepted order there exactly once?",
	params: Type.Object(properties),
	sizes: {
		small: {
			outageMs: 1_000,
			deadlineMs: 2_500,
			warmMs: 500,
			steadyMs: 750,
			recoverLimitMs: 2_500,
			intervalMs: 250,
		},
		large: {
			ratePerSec: 480,
			slots: 8,
			outageMs: 10_000,
			recoverLimitMs: 20_000,
			inFlightMax: 20_000,
		},
	},
	guarded: true,
	needs: ["postgres"],

	plan: (p: P) => {
		const waiting = (p.ratePerSec * (p.outageMs + p.recoverLimitMs)) / 1_000;
		if (p.inFlightMax < waiting) {
			throw new Error(
				`inFlightMax must be at least rate × (outage + recovery limit) = ${Math.ceil(waiting)}, but is ${p.inFlightMax}: with fewer slots the clients would queue in the generator and not in the storm`,
			);
		}
		const place =
			p.guard === "off"
				? naiveClient({ tryTimeoutMs: p.tryTimeoutMs, retryAfterMs: p.naiveRetryAfterMs })
				: guardedClient({
						seed: p.seed,
						tryTimeoutMs: p.tryTimeoutMs,
						retriesMax,
						backoffMs: 100,
						backoffMaxMs: 1_000,
						budgetShare: 0.2,
						breakAfterFailures: 5,
						halfOpenAfterMs: 250,
					});
		return {
			phases: {
				warmMs: p.warmMs,
				steadyMs: p.steadyMs,
				recoverLimitMs: p.recoverLimitMs,
				intervalMs: p.intervalMs,
			},
			paths: { db: "postgres", orders: { subject: "downstream" } },
			subjects: {
				downstream: {
					file: "./downstream.ts",
					env: { SLOTS: String(p.slots), SERVICE_MS: String(p.serviceMs) },
				},
			},
			loads: {
				orders: load({
					arrival: { kind: "constant", ratePerSec: p.ratePerSec },
					clients: { api: { driver: "http", at: "orders", connections: p.inFlightMax } },
					deadlineMs: p.deadlineMs,
					timeoutMs: p.tryTimeoutMs,
					inFlightMax: p.inFlightMax,
					journal: true,
					work: async ({ api }, operation) => {
						const order = orderOf(p.seed, operation.n);
						await place(api, order, operation);
						return order.orderId;
					},
				}),
			},
			faults: [{ kind: "timeout", on: "db", params: {}, fromMs: 0, toMs: p.outageMs }],
			steady: [
				{ load: "orders", signal: "response_p99_ms", is: "below", value: p.tryTimeoutMs / 2 },
				{ load: "orders", signal: "error_pct", is: "below", value: 1 },
			],
			alerts: [
				{
					id: "orders-not-accepted",
					when: { load: "orders", signal: "ok_per_sec", is: "below", value: p.ratePerSec / 2 },
					forIntervals: 2,
				},
			],
		};
	},

	async arrange({ direct }) {
		await withPostgres(direct, (client) =>
			client.query(
				"create table orders (order_id text not null, amount_cents integer not null, idempotency_key text unique)",
			),
		);
	},

	/** What is in the table, read past every proxy, and what the downstream counted. */
	async observe(ctx: HookContext<P>): Promise<Observed> {
		const base = ctx.subject("downstream");
		await fetch(`${base}/halt`, { method: "POST", signal: ctx.signal });
		const downstreamAttempts = await received(base, ctx.signal);
		const told = await outcomes(ctx);
		const accepted = new Set(told.flatMap(([id, outcome]) => (outcome === "ok" ? [id] : [])));
		const { rows } = await withPostgres(ctx.direct, (client) =>
			client.query<{ order_id: string; amount_cents: number }>(
				"select order_id, amount_cents from orders",
			),
		);
		const found = new Map<string, number>();
		for (const { order_id } of rows) found.set(order_id, (found.get(order_id) ?? 0) + 1);
		return {
			downstreamAttempts,
			exactly: exactlyOnce(told, found),
			rows: await digest(
				rows.filter(({ order_id }) => accepted.has(order_id)),
				(row) => row.order_id,
				(row) => `${row.order_id} ${row.amount_cents}`,
			),
		};
	},

	/** The accepted orders, made again from the seed: no database, no downstream. */
	async truth(ctx: HookContext<P>): Promise<{ rows: Digest }> {
		const accepted: { orderId: string; amountCents: number }[] = [];
		for await (const entry of ctx.journal("orders")) {
			if (entry.outcome === "ok") accepted.push(orderOf(ctx.params.seed, entry.n));
		}
		const rows = await digest(
			accepted,
			(order) => order.orderId,
			(order) => `${order.orderId} ${order.amountCents}`,
		);
		return { rows };
	},

	checks: {
		"exactly-once": {
			kind: "correctness",
			judge: ({ observed: { exactly } }) => ({
				over: exactly.acceptedCount,
				ok: exactly.lostCount === 0 && exactly.doubledCount === 0 && exactly.phantomCount === 0,
				expected: { lost: 0, doubled: 0, phantom: 0 },
				actual: exactly,
				message: `of ${exactly.acceptedCount} accepted orders ${exactly.lostCount} are lost; ${exactly.doubledCount} rows are doubled, ${exactly.phantomCount} nobody placed`,
			}),
		},
		"rows-match": {
			kind: "correctness",
			judge: ({ observed, expected }) => ({
				over: expected.rows.count,
				ok:
					observed.rows.count === expected.rows.count &&
					observed.rows.checksum === expected.rows.checksum,
				expected: { count: expected.rows.count, checksum: expected.rows.checksum },
				actual: { count: observed.rows.count, checksum: observed.rows.checksum },
				message: `${observed.rows.count} rows of accepted orders, ${expected.rows.count} accepted; the checksums ${observed.rows.checksum === expected.rows.checksum ? "agree" : "differ"}`,
			}),
		},
		"attempts-agree": {
			kind: "correctness",
			judge: (facts) => {
				const driver = attempts(facts);
				const downstream = facts.observed.downstreamAttempts;
				return {
					over: driver,
					ok: driver === downstream,
					expected: driver,
					actual: downstream,
					message: `the driver sent ${driver} tries, the downstream received ${downstream}`,
				};
			},
		},
		"retry-amplification": {
			kind: "correctness",
			shapedBy: "timing",
			judge: (facts) => {
				const orders = loadFacts(facts, "orders", "all").summary.started_count;
				const actual = amplification(facts) + (retriesMax * facts.straddlingCount) / orders;
				return {
					over: orders,
					ok: actual <= mostTries,
					expected: { atMost: mostTries },
					actual,
					message: `${actual.toFixed(2)} tries per order, at most ${mostTries} wanted`,
				};
			},
		},
		"recovers-in-time": recoversInTime,
	},

	metrics: {
		retry_amplification: {
			unit: "ratio",
			direction: "lower",
			portability: "bounded",
			measure: amplification,
		},
		rows_lost_count: {
			unit: "count",
			direction: "lower",
			portability: "exact",
			measure: ({ observed }) => observed.exactly.lostCount,
		},
		rows_duplicated_count: {
			unit: "count",
			direction: "lower",
			portability: "exact",
			measure: ({ observed }) => observed.exactly.doubledCount,
		},
		rejected_pct: {
			unit: "pct",
			direction: "lower",
			portability: "bounded",
			measure: (facts) => {
				const { started_count, ok_count } = loadFacts(facts, "orders", "all").summary;
				return (100 * (started_count - ok_count)) / started_count;
			},
		},
	},

	atScale: {
		growth:
			"`faultline run retry-growth` (default size, seed 1): with 180, 360, 720 and 960 waiting clients the guarded ones make 0.75, 0.75, 0.75 and 0.76 tries per order, ~ clients^0.00 (95 %: -0.02 to 0.03). The naive ones make 17, 16, 14 and 10: the downstream is full at every one of these rates, so more clients share the same tries. With the outage's length their tries grow as its square; with a budget they are at most 1.2 × the orders, whatever the outage.",
		breaksFirst:
			"The downstream's queue. Past (queue ÷ capacity) > per-try timeout every order it finishes has been given up by its client, and the storm feeds itself after the fault is gone.",
		replacement:
			"Budgets shared per client host, not per process; a bounded queue that sheds the oldest work first; deadlines carried in the request, so that the downstream drops work nobody waits for.",
	},
});

type AnyFacts = Facts<P, Observed, unknown>;

function attempts(facts: AnyFacts): number {
	return loadFacts(facts, "orders", "all").counters["api.attempts"] ?? 0;
}

function amplification(facts: AnyFacts): number {
	return attempts(facts) / loadFacts(facts, "orders", "all").summary.started_count;
}

/** Tries that the downstream counted, once no more come: one that its client gave up may still be on its way. */
async function received(base: string, signal: AbortSignal): Promise<number> {
	for (let before = -1; ; await pause(50, signal)) {
		const stats = (await (await fetch(`${base}/stats`, { signal })).json()) as { attempts: number };
		if (stats.attempts === before) return before;
		before = stats.attempts;
		signal.throwIfAborted();
	}
}

async function outcomes(ctx: HookContext<P>): Promise<[string, "ok" | "fail" | "unknown"][]> {
	const told: [string, "ok" | "fail" | "unknown"][] = [];
	for await (const entry of ctx.journal("orders")) {
		told.push([orderOf(ctx.params.seed, entry.n).orderId, entry.outcome]);
	}
	return told;
}
