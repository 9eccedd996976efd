import {
	acceptedOnce,
	attemptsAgree,
	count,
	type Digest,
	digest,
	digestsAgree,
	type ExactlyOnce,
	exactlyOnce,
	type Facts,
	load,
	loadFacts,
	lostAndDoubled,
	ms,
	number,
	pctOf,
	phaseParams,
	phasesOf,
	recovery,
	retryAmplification,
	scenario,
	toldByKey,
	withPostgres,
} from "faultline";
import { guardedClient, naiveClient } from "./clients.ts";
import { type Order, orderOf } from "./orders.ts";

/** Of one order, after its first try. */
const retriesMax = 4;
/** Of an order, the first included. */
const mostTries = 1.5;

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
	params: {
		ratePerSec: number(240, 1, 2_000, "orders offered, per second"),
		slots: count(4, 1, 64, "orders the downstream works on at once"),
		serviceMs: ms(10, 1, 1_000, "time an order holds its slot"),
		outageMs: ms(3_000, 200, 60_000, "time that Postgres is out of the downstream's reach"),
		tryTimeoutMs: ms(250, 10, 10_000, "a client's patience per try"),
		naiveRetryAfterMs: ms(50, 0, 10_000, "the naive client's wait between tries"),
		deadlineMs: ms(8_000, 500, 60_000, "a client's patience in all"),
		...phaseParams({ warmMs: 2_000, steadyMs: 4_000, recoverLimitMs: 8_000, intervalMs: 500 }),
		inFlightMax: count(
			4_000,
			1,
			100_000,
			"clients that may wait at once; at least rate × (outage + recovery limit)",
		),
	},
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
	needs: ["postgres"],
	twin: { fails: ["exactly-once"] },

	plan: (p) => {
		const waiting = (p.ratePerSec * (p.outageMs + p.recoverLimitMs)) / 1_000;
		if (p.inFlightMax < waiting)
			throw new Error(
				`inFlightMax must be at least rate × (outage + recovery limit) = ${Math.ceil(waiting)}, but is ${p.inFlightMax}: with fewer slots the clients would queue in the generator and not in the storm`,
			);
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
			phases: phasesOf(p),
			paths: { db: "postgres", orders: { subject: "downstream" } },
			subjects: {
				downstream: {
					file: "../../subjects/order-service.ts",
					env: { SLOTS: p.slots, SERVICE_MS: p.serviceMs },
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

	atScale: {
		growth:
			"`faultline run retry-growth` (default size, seed 1): with 180, 360, 720 and 960 waiting clients the guarded ones make 0.75, 0.75, 0.75 and 0.76 tries per order, ~ clients^0.00 (95 %: -0.02 to 0.03). The naive ones make 17, 16, 14 and 10: the downstream is full at every one of these rates, so more clients share the same tries. With the outage's length their tries grow as its square; with a budget they are at most 1.2 × the orders, whatever the outage.",
		breaksFirst:
			"The downstream's queue. Past (queue ÷ capacity) > per-try timeout every order it finishes has been given up by its client, and the storm feeds itself after the fault is gone.",
		replacement:
			"Budgets shared per client host, not per process; a bounded queue that sheds the oldest work first; deadlines carried in the request, so that the downstream drops work nobody waits for.",
	},
})
	.arrange(({ direct }) => withPostgres(direct, (client) => client.query(ordersTable)))
	/** It works for nobody any more; a try that its client gave up may still be on its way to it. */
	.settle({
		limitMs: 5_000,
		stillMs: 50,
		look: async (ctx) => {
			await fetch(`${ctx.subject("downstream")}/halt`, { method: "POST", signal: ctx.signal });
			return { still: { attempts: await attemptsReceived(ctx.subject("downstream"), ctx.signal) } };
		},
	})
	.observe(
		/** What is in the table, read past every proxy, and what the downstream counted. */
		async (ctx): Promise<Observed> => {
			const orderId = (n: number) => orderOf(ctx.params.seed, n).orderId;
			const told = await toldByKey(ctx, "orders", orderId);
			const accepted = new Set(told.flatMap(([id, outcome]) => (outcome === "ok" ? [id] : [])));
			const { rows } = await withPostgres(ctx.direct, (client) =>
				client.query<{ order_id: string; amount_cents: number }>(
					"select order_id, amount_cents from orders",
				),
			);
			const found = new Map<string, number>();
			for (const { order_id } of rows) found.set(order_id, (found.get(order_id) ?? 0) + 1);
			const ofAccepted = rows.filter(({ order_id }) => accepted.has(order_id));
			return {
				downstreamAttempts: await attemptsReceived(ctx.subject("downstream"), ctx.signal),
				exactly: exactlyOnce(told, found),
				rows: await digestOf(
					ofAccepted.map(({ order_id, amount_cents }) => ({
						orderId: order_id,
						amountCents: amount_cents,
					})),
				),
			};
		},
		/** The accepted orders, made again from the seed: no database, no downstream. */
		async (ctx) => {
			const accepted: Order[] = [];
			for await (const { n, outcome } of ctx.journal("orders"))
				if (outcome === "ok") accepted.push(orderOf(ctx.params.seed, n));
			return { rows: await digestOf(accepted) };
		},
	)
	.judge(
		acceptedOnce("exactly-once", "orders", ({ observed }) => observed.exactly),
		lostAndDoubled(({ observed }) => observed.exactly),
		digestsAgree("rows-match", "rows of accepted orders", ({ observed, expected }) => ({
			found: [observed.rows],
			expected: [expected.rows],
		})),
		attemptsAgree((facts) => {
			const sent = attempts(facts);
			const { downstreamAttempts } = facts.observed;
			return {
				sent: { atLeast: sent, atMost: sent },
				received: downstreamAttempts,
				senderSaid: `the driver sent ${sent} tries`,
				receiverSaid: `the downstream received ${downstreamAttempts}`,
			};
		}),
		retryAmplification({ per: "order", most: mostTries, ofStraddling: retriesMax }, (facts) => ({
			made: attempts(facts),
			needed: loadFacts(facts, "orders", "all").summary.started_count,
		})),
		recovery,
		{
			metrics: {
				rejected_pct: pctOf("lower", (facts) => {
					const { started_count, ok_count } = loadFacts(facts, "orders", "all").summary;
					return (100 * (started_count - ok_count)) / started_count;
				}),
			},
		},
	);

const ordersTable =
	"create table orders (order_id text not null, amount_cents integer not null, idempotency_key text unique)";

/** Tries that the driver sent. */
function attempts(facts: Pick<Facts, "loads">): number {
	return loadFacts(facts, "orders", "all").counters["api.attempts"] ?? 0;
}

async function attemptsReceived(base: string, signal: AbortSignal): Promise<number> {
	const response = await fetch(`${base}/stats`, { signal });
	return ((await response.json()) as { attempts: number }).attempts;
}

function digestOf(orders: readonly Order[]): Promise<Digest> {
	return digest(
		orders,
		({ orderId }) => orderId,
		({ orderId, amountCents }) => `${orderId} ${amountCents}`,
	);
}
