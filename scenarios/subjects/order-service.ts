import { numberVariable, serve, variable } from "faultline/subject";
import { type SlotClient, SlotClients } from "./slot-clients.ts";
import { Slots } from "./slots.ts";

// Takes orders over HTTP and writes them to Postgres. Its capacity is time, not CPU: SLOTS slots, each held for
// SERVICE_MS, in front of a queue without bound. Like most servers it never learns that a client has gone, and goes on
// working for it. `SLOTS=4 SERVICE_MS=10 FLT_PATH_DB=postgres://… node order-service.ts` starts it without the testbed.

interface Order {
	orderId: string;
	amountCents: number;
	idempotencyKey: string | null;
}

const slots = new Slots(numberVariable("SLOTS"));
const serviceMs = numberVariable("SERVICE_MS");
const clients = new SlotClients(variable("FLT_PATH_DB"));
const stats = { attempts: 0, committed: 0, refused: 0 };

/** The status to answer with. */
async function write(slot: number, order: Order): Promise<number> {
	try {
		await clients.use(slot, (client) => insert(client, order));
		stats.committed += 1;
		return 201;
	} catch {
		// The connection broke under the insert: it may be there or not, and that is what 503 says here.
		stats.refused += 1;
		return 503;
	}
}

async function insert(client: SlotClient, order: Order): Promise<void> {
	await client.query({
		name: "insert-order",
		text: `insert into orders (order_id, amount_cents, idempotency_key) values ($1, $2, $3)
		       on conflict (idempotency_key) do nothing`,
		values: [order.orderId, order.amountCents, order.idempotencyKey],
	});
}

await serve({
	"POST /orders": async ({ json, headers, arrivedMs }) => {
		stats.attempts += 1;
		const { orderId, amountCents } = await json<Pick<Order, "orderId" | "amountCents">>();
		const key = headers["idempotency-key"];
		const idempotencyKey = typeof key === "string" ? key : null;
		const order = { orderId, amountCents, idempotencyKey };
		const { value: status } = await slots.hold(arrivedMs, serviceMs, (slot) => write(slot, order));
		return { status, body: { orderId } };
	},
	"POST /halt": () => {
		slots.halt();
		return { queued: slots.waitingCount };
	},
	"*": () => ({ ...stats, queued: slots.waitingCount, busy: slots.busyCount }),
});
