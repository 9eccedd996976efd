/** The tiers of the store, from the one that is dearest to keep things in to the one that is dearest to read from. */
export const tiers = ["hot", "warm", "cold"] as const;
export type Tier = (typeof tiers)[number];

/** One value for each tier. */
export type PerTier<V> = Record<Tier, V>;

/** A value for each tier, made by a function of the tier. */
export function perTier<V>(make: (tier: Tier) => V): PerTier<V> {
	return { hot: make("hot"), warm: make("warm"), cold: make("cold") };
}
