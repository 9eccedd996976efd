import { randomUUID } from "node:crypto";
import {
	numberVariable,
	type ServedRequest,
	serve,
	subjectSteps,
	variable,
} from "faultline/subject";
import type { Isolation } from "../install.ts";
import { rolesOf, urlAs } from "../roles.ts";
import { readToken } from "../tokens.ts";
import { Connections } from "./connections.ts";
import { filtered } from "./filter.ts";
import { type Outcome, run } from "./statement.ts";

// The door: it knows a tenant by its token, writes down what is asked before it is done, and does it as the tenant.

const url = variable("DATABASE_URL");
const auditUrl = variable("AUDIT_URL", url);
const secret = variable("TENANCY_SECRET");
const isolation = variable("ISOLATION", "role") as Isolation;
const roles = rolesOf(process.env.ROLE_PREFIX ?? `${variable("FLT_DATABASE")}_`);
const connections = new Connections(numberVariable("CONNECTIONS", 12));
const audits = new Connections(numberVariable("AUDIT_CONNECTIONS", 4));
const steps = subjectSteps();

const refused = { status: 401, body: { error: "who asks is not known: send a token of your own" } };

await serve({
	"POST /query": async (request) => {
		const tenant = tenantOf(request);
		if (tenant === null) return refused;
		const { sql } = await request.json<{ sql?: unknown }>();
		const texts = typeof sql === "string" ? [sql] : sql;
		if (!Array.isArray(texts) || !texts.every((text) => typeof text === "string"))
			return { status: 400, body: { error: "sql is a statement, or a list of them" } };
		return answer(
			request,
			tenant,
			texts.map((text) => ({ text: text as string })),
		);
	},
	"GET /orders": async (request) => {
		const tenant = tenantOf(request);
		if (tenant === null) return refused;
		const note = request.query.get("note");
		const text = "select order_id, customer_id, amount_cents, note from shop.orders";
		return answer(request, tenant, [
			note === null ? { text } : { text: `${text} where note = $1`, values: [note] },
		]);
	},
	"POST /orders": async (request) => {
		const tenant = tenantOf(request);
		if (tenant === null) return refused;
		const { orderId, customerId, amountCents, note } =
			await request.json<Record<string, unknown>>();
		const isTwin = isolation === "application";
		return answer(request, tenant, [
			{
				text: isTwin
					? "insert into shop.orders values ($5, $1, $2, $3, $4) on conflict do nothing"
					: "insert into shop.orders (order_id, customer_id, amount_cents, note) values ($1, $2, $3, $4) on conflict do nothing",
				values: [orderId, customerId, amountCents, note, ...(isTwin ? [tenant] : [])],
			},
		]);
	},
});

function tenantOf({ headers }: ServedRequest): number | null {
	const [, token] = /^Bearer (.+)$/.exec(String(headers.authorization ?? "")) ?? [];
	if (token === undefined) return null;
	try {
		return readToken(token, secret, Date.now() / 1_000)?.tenant ?? null;
	} catch {
		return null; // a claim that is no JSON
	}
}

interface Statement {
	text: string;
	values?: unknown[];
}

/** Does what is asked, statement by statement, each written down before. */
async function answer(request: ServedRequest, tenant: number, statements: readonly Statement[]) {
	const name = String(request.headers["x-request-id"] ?? randomUUID()).slice(0, 100);
	const outcomes: Outcome[] = [];
	const notices = await connections.use(urlOf(tenant), async (session) => {
		if (isolation === "setting")
			await session.client.query("select set_config('app.tenant', $1, false)", [String(tenant)]);
		for (const { text, values } of statements) {
			await writeDown(tenant, name, text);
			await steps.reach("written-down");
			const asked = isolation === "application" ? filtered(text, tenant) : text;
			outcomes.push(await run(session, asked, values));
			await steps.reach("done");
		}
		return [...session.notices];
	});
	return { status: 200, body: { outcomes, notices } };
}

function urlOf(tenant: number): string {
	return urlAs(url, isolation === "role" ? roles.tenant(tenant) : roles.application, secret);
}

async function writeDown(tenant: number, request: string, statement: string): Promise<void> {
	await audits.use(urlAs(auditUrl, roles.auditor, secret), ({ client }) =>
		client.query(
			"insert into audit.statements (tenant_id, request, statement) values ($1, $2, $3)",
			[tenant, request, statement],
		),
	);
}
