import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { Placement, Stay } from "../../../../scenarios/storage/storage-tiers/placement.ts";
import type { Prices, TierPrice } from "../../../../scenarios/storage/storage-tiers/prices.ts";
import { type Tier, tiers } from "../../../../scenarios/storage/storage-tiers/tiers.ts";
import type { Life, Trace } from "../../../../scenarios/storage/storage-tiers/trace.ts";

interface Dated {
	value: unknown;
	asOf: unknown;
	source: unknown;
}

/** The file of prices as it is parsed, to be spoiled. */
export function rawPrices(): {
	monthDays: unknown;
	tiers: Record<Tier, Record<keyof TierPrice, Dated>>;
} {
	const file = new URL("../../../../scenarios/storage/storage-tiers/prices.json", import.meta.url);
	return JSON.parse(readFileSync(file, "utf8"));
}

const usd = (max: number) => fc.double({ min: 0, max, noNaN: true });

const anyTierPrice: fc.Arbitrary<TierPrice> = fc.record({
	usdPerGbMonth: usd(0.1),
	usdPer1000Writes: usd(1),
	usdPer1000Reads: usd(1),
	usdPerGbRead: usd(0.1),
	minimumDays: fc.nat(20),
	minimumBytes: fc.nat(2 ** 20),
	addedBytes: fc.nat(2 ** 16),
	addedHotBytes: fc.nat(2 ** 14),
	firstByteMs: fc.constant(30),
	firstByteSpread: fc.constant(0.6),
	restoreMs: fc.constant(0),
});

export const anyPrices: fc.Arbitrary<Prices> = fc.record({
	monthDays: fc.constantFrom(28, 30, 31),
	tiers: fc.record({ hot: anyTierPrice, warm: anyTierPrice, cold: anyTierPrice }),
});

/** Traces of a few objects over a few days, in which anything may happen. */
export const anyTrace: fc.Arbitrary<Trace> = fc
	.record({
		days: fc.integer({ min: 1, max: 25 }),
		objects: fc.array(
			fc.record({
				ageDays: fc.integer({ min: 1, max: 200 }),
				ends: fc.array(fc.integer({ min: 1, max: 24 }), { maxLength: 2 }),
				sizes: fc.array(fc.integer({ min: 1, max: 2 ** 31 }), { minLength: 3, maxLength: 3 }),
				reads: fc.array(
					fc.tuple(fc.integer({ min: -20, max: 24 }), fc.integer({ min: 1, max: 4 })),
					{
						maxLength: 12,
					},
				),
			}),
			{ minLength: 1, maxLength: 3 },
		),
	})
	.map(({ days, objects }) => ({
		objects: objects.length,
		days,
		lives: objects.flatMap((object, i) => livesFrom(i, days, object)),
	}));

function livesFrom(
	object: number,
	days: number,
	given: { ageDays: number; ends: number[]; sizes: number[]; reads: [number, number][] },
): Life[] {
	const ends = [...new Set(given.ends)].sort((a, b) => a - b).filter((day) => day < days);
	const bounds = [0, ...ends, days];
	const reads = [...new Map(given.reads)].sort(([a], [b]) => a - b);
	return bounds.slice(1).map((toDay, n) => {
		const fromDay = bounds[n]!;
		const bornDay = n === 0 ? -given.ageDays : fromDay;
		return {
			object,
			version: n + 1,
			sizeBytes: given.sizes[n]!,
			bornDay,
			fromDay,
			toDay,
			ends: toDay < days,
			reads: reads.filter(([day]) => day >= bornDay && day < toDay && (n === 0 || day >= fromDay)),
		};
	});
}

/** Some placement of a trace: for each life, moves on some of its days. */
export function anyPlacement(trace: Trace): fc.Arbitrary<Placement> {
	const lives = trace.lives.map(({ fromDay, toDay }) =>
		fc
			.array(fc.tuple(fc.integer({ min: 0, max: 24 }), fc.constantFrom(...tiers)), { maxLength: 4 })
			.map((moves): Stay[] => {
				const stays: Stay[] = [{ tier: "hot", fromDay, toDay }];
				for (const [after, tier] of moves.sort(([a], [b]) => a - b)) {
					const last = stays.at(-1)!;
					const day = fromDay + 1 + after;
					if (tier === last.tier || day <= last.fromDay || day >= toDay) continue;
					last.toDay = day;
					stays.push({ tier, fromDay: day, toDay });
				}
				return stays;
			}),
	);
	return fc.tuple(...lives);
}
