import { connectPostgres, numberVariable, serve, variable } from "faultline/subject";

// Takes orders over HTTP and writes them to Postgres. Its capacity is time, not CPU: SLOTS slots, each held for
// SERVICE_MS, in front of a queue without bound. Like most servers it never learns that a client has gone, and goes on
// working for it. `SLOTS=4 SERVICE_MS=10 FLT_PATH_DB=postgres://… node order-service.ts` starts it without the testbed.

type Client = Awaited<ReturnType<typeof connectPostgres>>;

interface Order {
	orderId: string;
	amountCents: number;
	idempotencyKey: string | null;
	arrivedMs: number;
	respond(status: number): void;
}

const slots = numberVariable("SLOTS");
const serviceMs = numberVariable("SERVICE_MS");
const databaseUrl = variable("FLT_PATH_DB");

const queue: Order[] = [];
const idle: ((order: Order) => void)[] = [];
const stats = { attempts: 0, committed: 0, refused: 0 };
let halted = false;

function enqueue(order: Order): void {
	const slot = halted ? undefined : idle.shift();
	if (slot === undefined) queue.push(order);
	else slot(order);
}

function take(): Promise<Order> {
	const next = halted ? undefined : queue.shift();
	return next === undefined ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve(next);
}

/** Works for ever. In a backlog each order starts where the last one ended, so that late timers cost no capacity. */
async function runSlot(): Promise<never> {
	let client: Client | null = null;
	let freeMs = 0;
	for (;;) {
		const order = await take();
		const startMs = Math.max(freeMs, order.arrivedMs);
		let status = 201;
		try {
			client ??= await connectPostgres(databaseUrl);
			await insert(client, order);
			stats.committed += 1;
		} catch {
			// The connection broke under the insert: it may be there or not, and that is what 503 says here.
			client?.end().catch(() => {});
			client = null;
			status = 503;
			stats.refused += 1;
		}
		freeMs = startMs + serviceMs;
		const leftMs = freeMs - performance.now();
		// Time lost in an outage is lost: catching it up would be capacity out of nothing.
		if (leftMs < -serviceMs) freeMs = performance.now();
		else if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
		order.respond(status);
	}
}

async function insert(client: Client, order: Order): Promise<void> {
	await client.query({
		name: "insert-order",
		text: `insert into orders (order_id, amount_cents, idempotency_key) values ($1, $2, $3)
		       on conflict (idempotency_key) do nothing`,
		values: [order.orderId, order.amountCents, order.idempotencyKey],
	});
}

for (let slot = 0; slot < slots; slot++) void runSlot();
await serve({
	"POST /orders": async ({ json, headers, arrivedMs }) => {
		stats.attempts += 1;
		const { orderId, amountCents } = await json<Pick<Order, "orderId" | "amountCents">>();
		const key = headers["idempotency-key"];
		const idempotencyKey = typeof key === "string" ? key : null;
		const status = await new Promise<number>((respond) =>
			enqueue({ orderId, amountCents, idempotencyKey, arrivedMs, respond }),
		);
		return { status, body: { orderId } };
	},
	"POST /halt": () => {
		halted = true;
		return { queued: queue.length };
	},
	"*": () => ({ ...stats, queued: queue.length, busy: slots - idle.length }),
});
