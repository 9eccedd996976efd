import { pick, type Stream } from "faultline";
import { signToken } from "../tokens.ts";
import type { Attack, Known } from "./attack.ts";

// At the door: tokens that are not the attacker's own, and SQL wherever a request has room for text.

/** A request by somebody who is after the victim's rows and has a token of his own, and no secret. */
type Door = (
	known: Known,
	own: string,
) => Omit<Extract<Attack, { kind: "door" }>, "kind" | "isStranger">;

const everything = "select * from shop.orders";
const ask = (token: string, headers: Record<string, string> = {}) => ({
	path: "/query",
	headers: { authorization: `Bearer ${token}`, ...headers },
	body: JSON.stringify({ sql: everything }),
});
const claimOf = (tenant: unknown) =>
	Buffer.from(JSON.stringify({ tenant, expiresS: 9e9 })).toString("base64url");

/** Made without a token of one's own: who comes in by one has forged it. */
const strangers: Door[] = [
	() => ({
		title: "no token",
		path: "/query",
		headers: {},
		body: JSON.stringify({ sql: everything }),
	}),
	({ victim }) => ({ title: "a claim without a signature", ...ask(claimOf(victim)) }),
	({ victim }) => ({ title: "a claim with an empty signature", ...ask(`${claimOf(victim)}.`) }),
	({ victim }, own) => ({
		title: "another claim under its own signature",
		...ask(`${claimOf(victim)}.${own.split(".")[1]}`),
	}),
	({ victim }) => ({
		title: "signed with a guess",
		...ask(signToken({ tenant: victim, expiresS: 9e9 }, "secret")),
	}),
	({ victim }) => ({
		title: "a claim that holds SQL",
		...ask(`${claimOf(`${victim} or true`)}.AAAA`),
	}),
	(_, own) => ({ title: "three parts", ...ask(`${own}.${own}`) }),
];

/** Made by a tenant, who may come in as who he is, and see no more. */
const insiders: Door[] = [
	({ victim }, own) => ({
		title: "the tenant in a header",
		...ask(own, { "x-tenant": String(victim), "x-tenant-id": String(victim) }),
	}),
	(_, own) => ({
		title: "SQL in the request's name",
		...ask(own, { "x-request-id": "'); drop table audit.statements; --" }),
	}),
	(_, own) => ({
		title: "SQL in a parameter",
		path: `/orders?note=${encodeURIComponent("' or true --")}`,
		headers: { authorization: `Bearer ${own}` },
		body: null,
	}),
	({ victim }, own) => ({
		title: "a union in a parameter",
		path: `/orders?note=${encodeURIComponent(`' union select tenant_id::text, order_id, 1, 1, note from shop.orders where tenant_id = ${victim} --`)}`,
		headers: { authorization: `Bearer ${own}` },
		body: null,
	}),
	({ victim }, own) => ({
		title: "the tenant as a parameter",
		path: `/orders?tenant=${victim}&tenant_id=${victim}`,
		headers: { authorization: `Bearer ${own}` },
		body: null,
	}),
	(_, own) => ({
		title: "a wildcard",
		path: "/orders?note=%25",
		headers: { authorization: `Bearer ${own}` },
		body: null,
	}),
	({ victim }, own) => ({
		title: "the tenant in the body",
		path: "/query",
		headers: { authorization: `Bearer ${own}` },
		body: JSON.stringify({ sql: everything, tenant: victim, tenant_id: victim }),
	}),
	(_, own) => ({
		title: "no statement",
		path: "/query",
		headers: { authorization: `Bearer ${own}` },
		body: JSON.stringify({ sql: { text: everything } }),
	}),
];

export function hostileDoor(draw: Stream, known: Known, own: string): Attack {
	const door = pick(draw, [...strangers, ...insiders]);
	return { kind: "door", isStranger: strangers.includes(door), ...door(known, own) };
}
