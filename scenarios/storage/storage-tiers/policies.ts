import { readUsd, storageUsdPerDay, writeUsd } from "./cost.ts";
import type { Placement, Stay } from "./placement.ts";
import type { Prices } from "./prices.ts";
import { type Tier, tiers } from "./tiers.ts";
import type { Life, Trace } from "./trace.ts";

/** All that a policy may know of an object on the morning of a day: nothing of that day, or of any after it. */
export interface View {
	sizeBytes: number;
	ageDays: number;
	/** Whole days since it was last read or written; null where it has not been read as long as anybody knows. */
	idleDays: number | null;
	/** Reads in the last `recentDays` days. */
	recentReads: number;
	tier: Tier;
	/** Days in that tier. */
	heldDays: number;
}

export type Policy = (view: View, prices: Prices) => Tier;

/** How far back a policy counts reads. */
export const recentDays = 30;

/** Colder with age alone, as most lifecycle rules are written; it never comes back. */
const byAge: Policy = ({ ageDays }) => (ageDays >= 120 ? "cold" : ageDays >= 30 ? "warm" : "hot");

/** Colder the longer nobody has read it; back to hot when it was read, once its minimum duration is over. */
const lastAccess: Policy = ({ idleDays, tier, heldDays }, prices) => {
	const wanted = idleDays === null || idleDays >= 60 ? "cold" : idleDays >= 14 ? "warm" : "hot";
	const colder = tiers.indexOf(wanted) > tiers.indexOf(tier);
	return colder || heldDays >= prices.tiers[tier].minimumDays ? wanted : tier;
};

/**
 * By break-even, object by object: it goes colder once what it has overpaid in storage since it was last used equals all
 * fees of going there and of one read there, and comes back once the fees of its reads exceed those of coming back. A
 * small object, whose fees are larger than its storage, so stays where it is. Colder than that costs latency: not to warm
 * before `warmIdleDays`, and not to cold before `coldIdleDays`.
 */
const sizeAware: Policy = (view, prices) => {
	if (goesColder("cold", coldIdleDays, view, prices)) return "cold";
	if (goesColder("warm", warmIdleDays, view, prices)) return "warm";
	return comesBack(view, prices) ? "hot" : view.tier;
};

export const [warmIdleDays, coldIdleDays] = [30, 60];

function goesColder(to: Tier, leastDays: number, view: View, prices: Prices): boolean {
	if (tiers.indexOf(to) <= tiers.indexOf(view.tier)) return false;
	const idleDays = view.idleDays ?? Number.POSITIVE_INFINITY;
	const paysAfterDays = breakEvenDays(to, view, prices);
	return Number.isFinite(paysAfterDays) && idleDays >= Math.max(leastDays, paysAfterDays);
}

/** After so many days without use the cheaper storage of a colder tier has paid for going there and one read there. */
export function breakEvenDays(
	to: Tier,
	{ sizeBytes, tier, heldDays }: Pick<View, "sizeBytes" | "tier" | "heldDays">,
	prices: Prices,
): number {
	const here = storageUsdPerDay(sizeBytes, tier, prices);
	const gain = here - storageUsdPerDay(sizeBytes, to, prices);
	if (gain <= 0) return Number.POSITIVE_INFINITY;
	const restDays = Math.max(0, prices.tiers[tier].minimumDays - heldDays);
	const fees = readUsd(sizeBytes, tier, prices) + writeUsd(to, prices) + here * restDays;
	return (fees + readUsd(sizeBytes, to, prices)) / gain;
}

/** Its reads of late have cost more than they would have in hot, and the way back is paid by as many again. */
function comesBack({ sizeBytes, tier, recentReads, heldDays }: View, prices: Prices): boolean {
	if (tier === "hot" || recentReads < 2) return false;
	const here = storageUsdPerDay(sizeBytes, tier, prices);
	const restDays = Math.max(0, prices.tiers[tier].minimumDays - heldDays);
	const saved = (storageUsdPerDay(sizeBytes, "hot", prices) - here) * recentDays;
	const fees = readUsd(sizeBytes, tier, prices) + writeUsd("hot", prices) + here * restDays;
	return recentReads * readUsd(sizeBytes, tier, prices) - saved > fees;
}

export const policies = {
	"all-hot": () => "hot",
	"by-age": byAge,
	"last-access": lastAccess,
	"size-aware": sizeAware,
} satisfies Record<string, Policy>;

export type PolicyName = keyof typeof policies;
export const policyNames = Object.keys(policies) as PolicyName[];

/** Where a policy puts each life, day after day; its first day it lies where it was written, in the hot tier. */
export function placedBy(name: PolicyName, trace: Trace, prices: Prices): Placement {
	return trace.lives.map((life) => staysBy(name, life, prices));
}

/** The same of one life. */
export function staysBy(name: PolicyName, life: Life, prices: Prices): Stay[] {
	const policy: Policy = policies[name];
	const { fromDay, toDay, bornDay, sizeBytes, reads } = life;
	const stays: Stay[] = [];
	let tier: Tier = "hot";
	let sinceDay = fromDay;
	/** Reads before today, and the first of them that is recent. */
	let seen = 0;
	let oldest = 0;
	let recentReads = 0;
	for (let day = fromDay + 1; day < toDay; day++) {
		for (; seen < reads.length && reads[seen]![0] < day; seen++) recentReads += reads[seen]![1];
		for (; oldest < seen && reads[oldest]![0] < day - recentDays; oldest++)
			recentReads -= reads[oldest]![1];
		const lastRead = seen === 0 ? null : reads[seen - 1]![0];
		const ageDays = day - bornDay;
		const wanted: Tier = policy(
			{
				sizeBytes,
				ageDays,
				idleDays: idleDaysOf(day, bornDay, lastRead),
				recentReads,
				tier,
				heldDays: day - sinceDay,
			},
			prices,
		);
		if (wanted === tier) continue;
		stays.push({ tier, fromDay: sinceDay, toDay: day });
		tier = wanted;
		sinceDay = day;
	}
	stays.push({ tier, fromDay: sinceDay, toDay });
	return stays;
}

/** Writing it was a use as well, as long as that is known. */
function idleDaysOf(day: number, bornDay: number, lastRead: number | null): number | null {
	if (lastRead !== null) return day - lastRead - 1;
	return day - bornDay <= 90 ? day - bornDay - 1 : null;
}
