import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type HookContext, outcomesOf, timesOf, withPostgres } from "faultline";
import {
	type Expected,
	evidenceOf,
	expectedOf,
	type FoundOrder,
	type FoundRow,
	type Observed,
} from "./evidence.ts";
import type { P } from "./params.ts";
import { countAttempts } from "./pipeline/attempts.ts";

/** In the worker's folder. */
export const attemptsFile = "attempts.log";

type Context = HookContext<P, "postgres", void, "batches", "worker" | "orders">;

/** Neither the worker nor the order service does anything any more. */
export async function atRest(ctx: Context) {
	const { queued, busy, attempts } = await statsOf(ctx);
	return { zero: { queued, busy }, still: { attempts, noted: (await noted(ctx)).length } };
}

/** What is in the sink and at the order service, read past every proxy, once nothing moves any more. */
export async function observe(ctx: Context): Promise<Observed> {
	const { rows, orders } = await withPostgres(ctx.direct, async (client) => {
		const rows = await client.query<FoundRow>(
			"select batch, line, customer, net_cents, vat_cents from loaded",
		);
		const orders = await client.query<FoundOrder>("select order_id, amount_cents from orders");
		return { rows: rows.rows, orders: orders.rows };
	});
	const seen = {
		told: await outcomesOf(ctx, "batches"),
		times: await timesOf(ctx, "batches"),
		rows,
		orders,
		attempts: countAttempts(await noted(ctx)),
		publishReceived: (await statsOf(ctx)).attempts,
	};
	return evidenceOf(seen, ctx.params.rowsPerBatch);
}

export async function truth(ctx: Context): Promise<Expected> {
	return expectedOf(await outcomesOf(ctx, "batches"), ctx.params.seed, ctx.params.rowsPerBatch);
}

/** The worker's own notes of its tries. */
function noted(ctx: Context): Promise<string> {
	return readFile(join(ctx.subjectFolder("worker"), attemptsFile), "utf8");
}

async function statsOf(ctx: Context) {
	const response = await fetch(`${ctx.subject("orders")}/stats`, { signal: ctx.signal });
	return (await response.json()) as { attempts: number; queued: number; busy: number };
}
