/** How every command leaves. `crashed` is left to what nobody foresaw. */
export const exitCodes = {
	passed: 0,
	crashed: 1,
	usage: 2,
	failed: 10,
	regressed: 11,
	invalid: 12,
	missing: 13,
	unhealed: 14,
} as const;
