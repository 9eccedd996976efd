import http from "node:http";
import type pg from "pg";
import { connectPostgres } from "../../../base/postgres-client.ts";

// The downstream of `retry-storm`: takes orders over HTTP and writes them to Postgres. Its capacity is time, not CPU:
// SLOTS slots, each held for SERVICE_MS, in front of a queue without bound. Like most servers it never learns that a
// client has gone, and goes on working for it.

interface Order {
	orderId: string;
	amountCents: number;
	idempotencyKey: string | null;
	arrivedMs: number;
	respond(status: number): void;
}

const slots = Number(process.env.SLOTS);
const serviceMs = Number(process.env.SERVICE_MS);
const databaseUrl = process.env.FLT_PATH_DB ?? "";

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
	let client: pg.Client | null = null;
	let freeMs = 0;
	for (;;) {
		const order = await take();
		const startMs = Math.max(freeMs, order.arrivedMs);
		let status = 201;
		try {
			client ??= await connect();
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

function connect(): Promise<pg.Client> {
	return connectPostgres(databaseUrl);
}

async function insert(client: pg.Client, order: Order): Promise<void> {
	await client.query({
		name: "insert-order",
		text: `insert into orders (order_id, amount_cents, idempotency_key) values ($1, $2, $3)
		       on conflict (idempotency_key) do nothing`,
		values: [order.orderId, order.amountCents, order.idempotencyKey],
	});
}

const server = http.createServer((request, response) => {
	response.on("error", () => {}); // the client may be gone
	const answer = (status: number, body: unknown) => {
		const text = JSON.stringify(body);
		response.writeHead(status, { "content-type": "application/json" }).end(text);
	};
	switch (`${request.method} ${request.url}`) {
		case "POST /orders": {
			const arrivedMs = performance.now();
			stats.attempts += 1;
			const chunks: Buffer[] = [];
			request.on("error", () => {});
			request.on("data", (chunk: Buffer) => chunks.push(chunk));
			request.on("end", () => {
				const order = JSON.parse(Buffer.concat(chunks).toString()) as {
					orderId: string;
					amountCents: number;
				};
				enqueue({
					...order,
					idempotencyKey: (request.headers["idempotency-key"] as string | undefined) ?? null,
					arrivedMs,
					respond: (status) => answer(status, { orderId: order.orderId }),
				});
			});
			return;
		}
		case "POST /halt":
			halted = true;
			answer(200, { queued: queue.length });
			return;
		default:
			answer(200, { ...stats, queued: queue.length, busy: slots - idle.length });
	}
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.FLT_PORT ?? 0), "127.0.0.1", 4_096, () => {
	const address = server.address();
	const port = typeof address === "object" && address !== null ? address.port : 0;
	console.log(`FLT_READY ${JSON.stringify({ port })}`);
});
for (let slot = 0; slot < slots; slot++) void runSlot();
