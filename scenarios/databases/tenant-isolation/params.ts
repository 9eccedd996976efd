import { count, ms, number, oneOf, type Params, phaseParams } from "faultline";

export const properties = {
	tenants: count(20, 4, 1_000, "tenants; the first two are hostile"),
	customers: count(20, 4, 1_000, "customers of each tenant, with twice as many orders"),
	attacks: count(2_500, 50, 100_000, "hostile requests"),
	attacksAtOnce: count(6, 1, 32, "hostile requests that are under way at once"),
	victimsPerSec: number(60, 1, 2_000, "requests of the other tenants, per second"),
	identity: oneOf(
		["role", "setting"],
		"role",
		"what the policies know a tenant by: who has logged in, or a setting of the session",
	),
	faultMs: ms(
		5_000,
		400,
		120_000,
		"time in which the service is killed and its ways to the database break",
	),
	deadlineMs: ms(30_000, 1_000, 120_000, "patience with a request"),
	overheadPairs: count(
		60,
		0,
		2_000,
		"times that a question is timed with row security and without",
	),
	...phaseParams({ warmMs: 300, steadyMs: 1_000, recoverLimitMs: 6_000, intervalMs: 250 }),
};

export const small = {
	tenants: 6,
	customers: 8,
	attacks: 500,
	victimsPerSec: 40,
	faultMs: 900,
	warmMs: 100,
	steadyMs: 300,
	intervalMs: 100,
	overheadPairs: 20,
};
export const large = { tenants: 1_000, attacks: 10_000, faultMs: 20_000 };

export type P = Params<typeof properties>;

/** Tenants from 1; these attack, all others are attacked. */
export const hostileTenants = [1, 2];
