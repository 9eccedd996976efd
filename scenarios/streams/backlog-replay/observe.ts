import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
	type Digest,
	digest,
	exactlyOnce,
	type HookContext,
	toldByKey,
	withKafka,
	withPostgres,
} from "faultline";
import { byKey, type KeyTotal } from "./by-key.ts";
import { coverageOf, type Range } from "./coverage.ts";
import { gateSeen, replaySeen } from "./gate-seen.ts";
import { gateFile, gateLines } from "./grants.ts";
import { type Message, messageOf } from "./message.ts";
import type { P } from "./params.ts";
import { type Receipt, readReceipt } from "./receipt.ts";
import type { Expected, Observed } from "./record.ts";
import { type LiveDue, timelineOf } from "./timeline.ts";

export const topic = "backlog";

type Ctx = HookContext<P, "postgres" | "kafka", unknown, "live" | "replay", "sink" | "gate">;

/** A live write, as its client was told of it. */
interface Told {
	n: number;
	receipt: Receipt | null;
}

/** The tables of the sink, the topic's ends, the gate's record, and what live clients were told. */
export async function observe(ctx: Ctx): Promise<Observed> {
	const { params, zeroMs } = ctx;
	const told: Told[] = [];
	for await (const { n, receipt } of ctx.journal("live"))
		told.push({ n, receipt: receipt === null ? null : readReceipt(receipt) });
	const { latest, ranges, written } = await rowsOf(ctx);
	const lines = gateLines(readFileSync(join(ctx.subjectFolder("gate"), gateFile), "utf8"));
	const sliceMs = Math.max(50, params.intervalMs / 2);
	const replayed = latest.filter(({ count }) => count > 0);
	const finished = await hasFinished(ctx);
	return {
		finished,
		replayed: await digestOf(replayed),
		coverage: coverageOf(ranges, await backlogIn(ctx)),
		live: exactlyOnce(
			await toldByKey(ctx, "live", (n) => `${params.backlog + n}`),
			new Map(written.map((n) => [`${n}`, 1])),
		),
		keyCount: latest.length,
		staleCount: staleCount(latest, newestOf(finished ? backlogOf(params) : [], written, params)),
		gate: gateSeen(lines),
		replay: replaySeen(lines, zeroMs),
		sliceMs,
		timeline: timelineOf(lines, duesOf(told, params), { zeroAtMs: zeroMs, sliceMs }),
	};
}

/** The backlog made again from the seed: no topic, no sink. */
export async function expected({ params }: Ctx): Promise<Expected> {
	return { replayed: await digestOf(byKey(backlogOf(params))) };
}

export function* backlogOf(params: P): Iterable<Message> {
	for (let n = 0; n < params.backlog; n++) yield messageOf(n, params);
}

/** Whether the replay has said that it has done all. */
async function hasFinished({ journal }: Ctx): Promise<boolean> {
	for await (const { outcome } of journal("replay")) if (outcome === "ok") return true;
	return false;
}

/** The newest by key of what was replayed and of the live writes that the sink has, all made again from the seed. */
function newestOf(
	replayed: Iterable<Message>,
	written: readonly number[],
	params: P,
): Map<number, Message> {
	const newest = new Map<number, Message>();
	for (const message of replayed) newest.set(message.key, message);
	for (const n of written.toSorted((a, b) => a - b)) {
		const message = messageOf(n, params);
		newest.set(message.key, message);
	}
	return newest;
}

function staleCount(latest: readonly KeyTotal[], newest: ReadonlyMap<number, Message>): number {
	return latest.filter(({ key, version, value }) => {
		const message = newest.get(key);
		if (message === undefined || version > message.n) return false;
		return version < message.n || value !== message.value;
	}).length;
}

/** Live writes come at a constant rate: when one was due is known of all, as soon as it is of one. */
function duesOf(told: readonly Told[], { liveRatePerSec, objectiveMs }: P): LiveDue[] {
	const dueMs = (n: number) => (1_000 * n) / liveRatePerSec;
	const known = told.find(({ receipt }) => receipt !== null);
	if (known === undefined) return [];
	const zeroAtMs = known.receipt!.intendedAtMs - dueMs(known.n);
	return told.map(({ n, receipt }) => ({
		atMs: zeroAtMs + dueMs(n),
		inTime: receipt !== null && receipt.endAtMs - receipt.intendedAtMs <= objectiveMs,
	}));
}

async function backlogIn({ direct, names }: Ctx): Promise<number> {
	const offsets = await withKafka(direct, (admin) =>
		admin.fetchTopicOffsets(names.topicPrefix + topic),
	);
	return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

/** What the sink has; Postgres gives numbers beyond 32 bits as text. */
async function rowsOf({ direct }: Ctx) {
	return withPostgres(direct, async (client) => {
		const latest = await client.query<Record<keyof KeyTotal, string>>(
			`select key, version, value, replayed_count as count, replayed_sum as sum from latest`,
		);
		const ranges = await client.query<Record<keyof Range, string>>(
			`select partition, first_offset as first, last_offset as last from replayed`,
		);
		const written = await client.query<{ n: string }>("select n from written");
		return {
			latest: latest.rows.map(
				(row): KeyTotal => ({
					key: Number(row.key),
					version: Number(row.version),
					value: Number(row.value),
					count: Number(row.count),
					sum: Number(row.sum),
				}),
			),
			ranges: ranges.rows.map(
				(row): Range => ({
					partition: Number(row.partition),
					first: Number(row.first),
					last: Number(row.last),
				}),
			),
			written: written.rows.map(({ n }) => Number(n)),
		};
	});
}

function digestOf(totals: readonly KeyTotal[]): Promise<Digest> {
	return digest(
		totals,
		({ key }) => `${key}`,
		({ key, count, sum }) => `${key} ${count} ${sum}`,
	);
}
