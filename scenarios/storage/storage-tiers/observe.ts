import type { HookContext } from "faultline";
import type { Planned } from "./actions.ts";
import { auditOf, type Held, type Wanted } from "./audit.ts";
import { contentOf, objectId } from "./content.ts";
import { type Lifecycle, type LifecycleParams, lifecycleOf } from "./lifecycle.ts";
import { billDayByDay } from "./oracle/bill.ts";
import type { Placement } from "./placement.ts";
import type { Pointer } from "./pointers.ts";
import { type ActionReceipt, type ReadReceipt, staleReads, type Writing } from "./receipts.ts";
import type { Found, Observed } from "./record.ts";
import { checksumOf, type TierStore } from "./store.ts";
import { perTier, tiers } from "./tiers.ts";
import type { Trace } from "./trace.ts";

type Ctx = Pick<
	HookContext<LifecycleParams, never, unknown, "actions" | "reads", "mover">,
	"params" | "journal" | "subject" | "signal"
>;

/** What lies in the tiers and in the table of pointers, seen past the service; and what clients were told. */
export async function observed(
	ctx: Ctx,
	store: TierStore,
	pointers: ReadonlyMap<string, Pointer>,
): Promise<Observed> {
	const lifecycle = lifecycleOf(ctx.params);
	const held = await heldIn(store);
	const { writings, ...told } = await toldOfActions(ctx, lifecycle.actions);
	return {
		...seenIn(ctx.params.seed, lifecycle, pointers, held),
		...told,
		recovered: await recoveredBy(ctx),
		reads: await toldOfReads(ctx, writings),
	};
}

/** What a store and its pointers show by themselves. */
export function seenIn(
	seed: number,
	{ real, prices }: Pick<Lifecycle, "real" | "prices">,
	pointers: ReadonlyMap<string, Pointer>,
	held: readonly Held[],
): Pick<Observed, "lost" | "doubled" | "unfinished" | "misbilled" | "billedUsd"> {
	const audit = auditOf(pointers, held, wantedOf(seed, real.trace));
	return {
		lost: firstOf([...audit.lost, ...audit.wrong]),
		doubled: firstOf(audit.doubled),
		unfinished: firstOf(audit.unfinished),
		misbilled: firstOf(audit.misbilled),
		billedUsd: billDayByDay(real.trace, placementOf(real.trace, pointers), prices),
	};
}

function firstOf(names: readonly string[]): Found {
	return { count: names.length, first: names.slice(0, 10) };
}

/** Everything that lies in a store, with its checksum. */
export async function heldIn(store: TierStore): Promise<Held[]> {
	const held: Held[] = [];
	for (const tier of tiers)
		for (const name of await store.list(tier))
			held.push({ tier, name, sha256: checksumOf(await store.get({ tier, name })) });
	return held;
}

/** The last version of each object, made again from the seed. */
export function wantedOf(seed: number, { lives }: Trace): Map<string, Wanted> {
	// Of one object the later versions come later, and replace the ones before.
	return new Map(
		lives.map(({ object, version }) => [
			objectId(object),
			{ version, sha256: checksumOf(contentOf(seed, object, version)) },
		]),
	);
}

/** Where each life has lain, as the pointers tell; nowhere, where they tell of no such version. */
export function placementOf(
	{ lives, days }: Trace,
	pointers: ReadonlyMap<string, Pointer>,
): Placement {
	return lives.map(({ object, version }) => {
		const pointer = pointers.get(objectId(object));
		if (pointer === undefined) return [];
		const { at, past } = pointer;
		const now = at === null ? [] : [{ ...at, fromDay: at.sinceDay, toDay: days }];
		return [...past, ...now]
			.filter((stay) => stay.version === version)
			.map(({ tier, fromDay, toDay }) => ({ tier, fromDay, toDay }));
	});
}

async function toldOfActions(ctx: Ctx, actions: readonly Planned[]) {
	const writings: Writing[] = [];
	let [doneCount, interruptedCount] = [0, 0];
	for await (const { n, outcome, receipt } of ctx.journal("actions")) {
		const action = actions[n]!;
		const told = receipt === null ? null : (JSON.parse(receipt) as ActionReceipt);
		if (outcome === "ok") doneCount += 1;
		interruptedCount += told?.interrupted ?? 0;
		if (action.kind === "put")
			writings.push({
				object: action.object,
				version: action.version,
				// Of one that failed nobody knows from when on it may have been seen.
				fromMs: told?.fromMs ?? Number.NEGATIVE_INFINITY,
				toldMs: told?.toMs ?? Number.POSITIVE_INFINITY,
			});
	}
	return { doneCount, notDoneCount: actions.length - doneCount, interruptedCount, writings };
}

async function toldOfReads(ctx: Ctx, writings: readonly Writing[]): Promise<Observed["reads"]> {
	const reads: ReadReceipt[] = [];
	let failedCount = 0;
	for await (const { outcome, receipt } of ctx.journal("reads"))
		if (outcome === "ok" && receipt !== null) reads.push(JSON.parse(receipt) as ReadReceipt);
		else failedCount += 1;
	return readsSeen(reads, failedCount, writings);
}

/** What reads have shown. */
export function readsSeen(
	reads: readonly ReadReceipt[],
	failedCount: number,
	writings: readonly Writing[],
): Observed["reads"] {
	const undisturbed = reads.filter(({ interrupted }) => interrupted === 0);
	const named = (all: readonly ReadReceipt[]) =>
		firstOf(all.map(({ object, version }) => `${objectId(object)}, version ${version}`));
	return {
		count: reads.length,
		failedCount,
		byTier: perTier((tier) => reads.filter((read) => read.tier === tier).length),
		wrong: named(reads.filter(({ whole }) => !whole)),
		stale: named(staleReads(reads, writings)),
		undisturbedMs: sampled(undisturbed),
		hotMs: sampled(undisturbed.filter(({ tier }) => tier === "hot")),
	};
}

const sampledMax = 500;

/** Their times, sorted; of very many, evenly chosen ones with the slowest among them. */
function sampled(reads: readonly ReadReceipt[]): number[] {
	const sorted = reads
		.map(({ fromMs, toMs }) => Number((toMs - fromMs).toFixed(2)))
		.sort((a, b) => a - b);
	if (sorted.length <= sampledMax) return sorted;
	return Array.from(
		{ length: sampledMax },
		(_, i) => sorted[Math.ceil(((i + 1) * sorted.length) / sampledMax) - 1]!,
	);
}

async function recoveredBy(ctx: Ctx): Promise<Observed["recovered"]> {
	const answer = await fetch(`${ctx.subject("mover")}/stats`, { signal: ctx.signal });
	return (await answer.json()) as Observed["recovered"];
}
