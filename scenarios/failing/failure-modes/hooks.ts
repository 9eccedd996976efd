import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pause } from "../../../base/clock.ts";
import type { OutcomeKind } from "../../../load/outcome.ts";
import type { HookContext } from "../../contract/scenario.ts";
import { withPostgres } from "../../kit/postgres.ts";
import {
	type Expected,
	evidenceOf,
	expectedOf,
	type FoundOrder,
	type FoundRow,
	type Observed,
	type Told,
} from "./evidence.ts";
import type { P } from "./params.ts";
import { type Attempts, countAttempts } from "./pipeline/attempts.ts";

/** In the worker's folder. */
export const attemptsFile = "attempts.log";

/** What is in the sink and at the order service, read past every proxy, once nothing moves any more. */
export async function observe(ctx: HookContext<P>): Promise<Observed> {
	const counted = await atRest(ctx);
	const { rows, orders } = await withPostgres(ctx.direct, async (client) => {
		const rows = await client.query<FoundRow>(
			"select batch, line, customer, net_cents, vat_cents from loaded",
		);
		const orders = await client.query<FoundOrder>("select order_id, amount_cents from orders");
		return { rows: rows.rows, orders: orders.rows };
	});
	const seen = { told: await toldOf(ctx), rows, orders, ...counted };
	return evidenceOf(seen, ctx.params.rowsPerBatch);
}

export async function truth(ctx: HookContext<P>): Promise<Expected> {
	return expectedOf(await toldOf(ctx), ctx.params.seed, ctx.params.rowsPerBatch);
}

/** Counts of tries once neither the worker nor the order service does anything any more. */
async function atRest(
	ctx: HookContext<P>,
): Promise<{ attempts: Attempts; publishReceived: number }> {
	const file = join(ctx.subjectFolder("worker"), attemptsFile);
	for (let before = ""; ; ) {
		const text = await readFile(file, "utf8");
		const stats = await fetch(`${ctx.subject("orders")}/stats`, { signal: ctx.signal });
		const { attempts, queued, busy } = (await stats.json()) as Record<string, number>;
		if (text === before && queued === 0 && busy === 0)
			return { attempts: countAttempts(text), publishReceived: attempts! };
		before = text;
		await pause(20, ctx.signal);
		ctx.signal.throwIfAborted();
	}
}

async function toldOf(ctx: HookContext<P>): Promise<Told> {
	const told = new Map<number, OutcomeKind>();
	for await (const { n, outcome } of ctx.journal("batches")) told.set(n, outcome);
	return told;
}
