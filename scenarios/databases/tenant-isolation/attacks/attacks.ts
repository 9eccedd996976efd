import { stream } from "faultline";
import { emailOf } from "../data.ts";
import { hostileTenants } from "../params.ts";
import type { Roles } from "../roles.ts";
import type { Attack, Known } from "./attack.ts";
import { hostileDoor } from "./doors.ts";
import { hostileProbe } from "./probes.ts";
import { hostileQuery } from "./queries.ts";

/** What the attacks of a run are drawn for. */
export interface Arena {
	seed: number;
	tenants: number;
	customers: number;
	roles: Roles;
}

/** The n-th attack of a run, and who makes it. */
export function attackOf(
	{ seed, tenants, customers, roles }: Arena,
	n: number,
	tokenOf: (tenant: number) => string,
): { me: number; attack: Attack } {
	const draw = stream(seed, `attack ${n}`);
	const me = hostileTenants[n % hostileTenants.length]!;
	const others = Array.from({ length: tenants }, (_, i) => i + 1).filter((tenant) => tenant !== me);
	const victim = others[Math.floor(draw() * others.length)]!;
	const known: Known = {
		me,
		victim,
		victimRole: roles.tenant(victim),
		ownerRole: roles.owner,
		customers,
		addressOf: (customer) => emailOf(seed, victim, customer),
		fresh: `n${n}`,
	};
	const which = draw();
	if (which < 0.1) return { me, attack: hostileDoor(draw, known, tokenOf(me)) };
	if (which < 0.25) return { me, attack: hostileProbe(draw, known) };
	return { me, attack: hostileQuery(draw, known) };
}
