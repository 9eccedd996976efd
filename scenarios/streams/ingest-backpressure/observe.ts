import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
	type Digest,
	digest,
	exactlyOnce,
	type HookContext,
	toldByKey,
	valuesOf,
	withPostgres,
} from "faultline";
import { audit } from "./audit.ts";
import { burstSeen } from "./burst-seen.ts";
import { decisionsFile, decisionsIn } from "./decisions.ts";
import { eventOf, type IngestEvent, textOf } from "./event.ts";
import type { Work } from "./goodput.ts";
import { measureCapacity, measureRefusal } from "./measure.ts";
import { type P, serviceOf } from "./params.ts";
import type { Expected, Observed } from "./record.ts";
import { timelineOf } from "./timeline.ts";
import { toldOf, zeroAtMsOf } from "./told.ts";

export const topic = "events";
export const table = `
	create table events (
		event_id text not null unique, client integer not null, priority integer not null, amount_cents integer not null
	)`;

type Ctx = HookContext<P, "postgres" | "kafka", unknown, "events", "store" | "ingest">;

/** The rows of the store, the messages of the log, the decisions of the service, and what the store worked on. */
export async function observe(ctx: Ctx): Promise<Observed> {
	const { params, signal } = ctx;
	const told = await toldOf(ctx);
	const outcomes = await toldByKey(ctx, "events", (n) => eventOf(n, params).eventId);
	const accepted = new Set(outcomes.flatMap(([id, outcome]) => (outcome === "ok" ? id : [])));
	const isAccepted = ({ eventId }: IngestEvent) => accepted.has(eventId);
	const rows = await rowsOf(ctx);
	const values = await valuesOf(ctx.direct, ctx.names.topicPrefix + topic);
	const messages = values.map((value) => JSON.parse(value.toString()) as IngestEvent);
	const published = countsOf(messages);
	const first = new Map(messages.toReversed().map((event) => [event.eventId, event]));
	const text = readFileSync(join(ctx.subjectFolder("ingest"), decisionsFile), "utf8");
	const decisions = decisionsIn(text);
	const work = await fetch(`${ctx.subject("store")}/work`, { signal });
	const isGuarded = serviceOf(params) === "guarded";
	return {
		stored: exactlyOnce(outcomes, countsOf(rows)),
		published: exactlyOnce(outcomes, published),
		rows: await digestOf(rows.filter(isAccepted)),
		messages: await digestOf([...first.values()].filter(isAccepted)),
		unpublishedCount: rows.filter(({ eventId }) => !published.has(eventId)).length,
		unansweredCount: told.reduce((sum, { receipt }) => sum + (receipt?.unansweredCount ?? 0), 0),
		audit: audit(decisions, { byPriority: isGuarded }),
		zeroAtMs: ctx.zeroMs,
		burst: burstSeen(params, told, (await work.json()) as Work[], decisions),
		// One after the other: each has the processor to itself.
		capacityPerSec: isGuarded
			? await measureCapacity(ctx.subject("store"), params.slots, signal)
			: null,
		refusalMs: isGuarded ? await measureRefusal(ctx.subject("ingest"), signal) : null,
		timeline: timelineOf(decisions, zeroAtMsOf(told) ?? 0),
	};
}

/** The same, made again from the seed: no service, no store. */
export async function expected(ctx: Ctx): Promise<Expected> {
	const told = await toldOf(ctx);
	return {
		rows: await digestOf(told.flatMap(({ event, outcome }) => (outcome === "ok" ? event : []))),
	};
}

async function rowsOf({ direct }: Ctx): Promise<IngestEvent[]> {
	return withPostgres(direct, async (client) => {
		const { rows } = await client.query<IngestEvent>(
			`select event_id as "eventId", client, priority, amount_cents as "amountCents" from events`,
		);
		return rows;
	});
}

function countsOf(events: readonly IngestEvent[]): Map<string, number> {
	const counts = new Map<string, number>();
	for (const { eventId } of events) counts.set(eventId, (counts.get(eventId) ?? 0) + 1);
	return counts;
}

function digestOf(events: readonly IngestEvent[]): Promise<Digest> {
	return digest(events, ({ eventId }) => eventId, textOf);
}
