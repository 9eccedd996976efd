import {
	again,
	atStep,
	exactlyOnce,
	fault,
	load,
	type OutcomeKind,
	phasesOf,
	recovery,
	scenario,
	TransportError,
	withPostgres,
} from "faultline";
import { type Ask, type AttackReceipt, make } from "./attacks/answer.ts";
import { attackOf } from "./attacks/attacks.ts";
import { enforcement, victimsWhole } from "./checks.ts";
import { insertSql } from "./data.ts";
import {
	attacksIn,
	auditIn,
	dataOfAll,
	type Query,
	statementsOf,
	victimRows,
	victimRowsOf,
} from "./hooks.ts";
import { type Isolation, installSql } from "./install.ts";
import { openChannels } from "./open-channels.ts";
import { overheadRatio } from "./overhead.ts";
import { large, type P, properties, small } from "./params.ts";
import { rolesOf, urlAs } from "./roles.ts";
import { signToken } from "./tokens.ts";
import { type VictimReceipt, victimRequest, wrongIn } from "./victim.ts";

const isolationOf = ({ guard, identity }: P): Isolation =>
	guard === "off" ? "application" : identity;
const secretOf = ({ seed }: P) => `tenancy of ${seed}`;
const tokenOf = (p: P, tenant: number) => signToken({ tenant, expiresS: 9e9 }, secretOf(p));

export default scenario({
	title: "Tenant isolation: hostile tenants ask a shared database everything they can think of",
	question:
		"Does nobody see a row, or learn of one, that is another tenant's, whatever is asked and whatever breaks, and is all of it written down?",
	params: properties,
	sizes: { small, large },
	needs: ["postgres"],
	twin: { fails: ["no-row-leaks", "victims-untouched"] },
	limits: { hookMs: 120_000 },

	plan: (p) => ({
		phases: phasesOf(p),
		paths: { db: "postgres", audit: "postgres", api: { subject: "service" } },
		subjects: {
			service: {
				file: "./service/tenant-service.ts",
				env: {
					// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the daemon puts the paths' addresses there
					DATABASE_URL: "${path.db}",
					AUDIT_URL: "${path.audit}",
					// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
					ISOLATION: isolationOf(p),
					TENANCY_SECRET: secretOf(p),
				},
			},
		},
		loads: {
			attacks: load({
				arrival: { kind: "trials", count: p.attacks },
				clients: { api: { driver: "http", at: "api", connections: p.attacksAtOnce } },
				deadlineMs: p.deadlineMs,
				inFlightMax: p.attacksAtOnce,
				journal: true,
				work: async ({ api }, { n, signal }, names) => {
					const arena = { ...p, roles: rolesOf(`${names.database}_`) };
					const { me, attack } = attackOf(arena, n, (tenant) => tokenOf(p, tenant));
					const ask: Ask = (_request, { path, headers, body }) =>
						again(async () => {
							const method = body === null ? "GET" : "POST";
							const answer = await api.request({
								method,
								path,
								headers,
								...(body !== null && { body }),
								signal,
							});
							// What broke on the way to the database is asked again; it may have been done.
							if (answer.status >= 500) throw new TransportError(`http_${answer.status}`, true);
							return { status: answer.status, text: answer.body.toString() };
						}, signal);
					return JSON.stringify(await make(n, me, attack, tokenOf(p, me), ask));
				},
			}),
			victims: load({
				arrival: { kind: "constant", ratePerSec: p.victimsPerSec },
				clients: { api: { driver: "http", at: "api", connections: 4 } },
				deadlineMs: p.deadlineMs,
				inFlightMax: 200,
				journal: true,
				work: async ({ api }, { n, signal }) => {
					const wanted = victimRequest(p.seed, p.tenants, p.customers, n);
					const { tenant } = wanted;
					const name = `v${n}`;
					const headers = {
						authorization: `Bearer ${tokenOf(p, tenant)}`,
						"x-request-id": name,
					};
					const wrote = wanted.kind === "write";
					const answer = await api.request(
						wrote
							? { method: "POST", path: "/orders", headers, body: JSON.stringify(wanted), signal }
							: { method: "GET", path: "/orders", headers, signal },
					);
					if (answer.status !== 200) throw new TransportError(`http_${answer.status}`, true);
					const text = answer.body.toString();
					const wrong = wrote ? null : wrongIn(p.seed, tenant, p.customers, text);
					const receipt: VictimReceipt = { n, tenant, request: name, wrote, wrong };
					return JSON.stringify(receipt);
				},
			}),
		},
		faults: faultsOf(p),
		steady: [{ load: "victims", signal: "error_pct", is: "below", value: 1 }],
	}),

	atScale: {
		growth:
			"`faultline run tenant-isolation --size small -p customers=20 -p overheadPairs=300 -p tenants=10` (then 100, 1000): one tenant's question takes 4, 11 and 30 % longer with row security than without, ~ tenants^0.4 of the overhead; the question itself stays with its tenant's own rows, since every index begins with the tenant.",
		breaksFirst:
			"Connections: a login a tenant means that none is lent to another, and ten thousand tenants that each keep one are more than a server takes; a tenant that comes back after a while pays for a new one. Then the audit, of which one table takes a line for every statement of all.",
		replacement:
			"A pooler that logs in as each tenant (`auth_query`) in front of few servers, tenants spread over them by a directory; the largest with a database of their own, the smallest hashed into partitions. The audit in partitions by day, shipped as it is written.",
	},
})
	.arrange(({ direct, params, names }) =>
		withPostgres(direct, async (client) => {
			const tenants = Array.from({ length: params.tenants }, (_, i) => i + 1);
			const roles = rolesOf(`${names.database}_`);
			for (const text of installSql(roles, secretOf(params), isolationOf(params), tenants))
				await client.query(text);
			for (const { text, values } of insertSql(
				dataOfAll(params.seed, params.tenants, params.customers),
			))
				await client.query(text, values);
			await client.query("analyze");
		}),
	)
	.observe(
		async ({ direct, params, names, journal }) => {
			const attacks: AttackReceipt[] = [];
			for await (const { receipt } of journal("attacks"))
				if (receipt !== null) attacks.push(JSON.parse(receipt));
			const victims: VictimReceipt[] = [];
			const told: [string, OutcomeKind][] = [];
			for await (const { n, outcome, receipt } of journal("victims")) {
				if (receipt !== null) victims.push(JSON.parse(receipt));
				const wanted = victimRequest(params.seed, params.tenants, params.customers, n);
				if (wanted.kind === "write") told.push([wanted.orderId, outcome]);
			}
			const roles = rolesOf(`${names.database}_`);
			const arena = { ...params, roles };
			const asked = attacks.flatMap(({ n, answered }) => {
				const { me, attack } = attackOf(arena, n, (tenant) => tokenOf(params, tenant));
				return statementsOf(attack, n, me, answered);
			});
			const wrong = victims.flatMap(({ n, tenant, wrong }) =>
				wrong === null ? [] : [`request ${n} of tenant ${tenant}: ${wrong}`],
			);
			return withPostgres(direct, async (client) => {
				const query: Query = (text, values) => client.query(text, values);
				const { rows: written } = await query(
					"select order_id from shop.orders where order_id ~ '^w[0-9]+$'",
				);
				const ids = written.map(({ order_id }) => String(order_id));
				const found = new Map<string, number>();
				for (const id of ids) found.set(id, (found.get(id) ?? 0) + 1);
				const isByRole = isolationOf(params) === "role";
				const asTenant = {
					postgres: {
						...direct.postgres,
						url: urlAs(direct.postgres.url, roles.tenant(1), secretOf(params)),
					},
				};
				const shown = await (isByRole
					? withPostgres(asTenant, async (tenant) => {
							const tenantQuery: Query = (text, values) => tenant.query(text, values);
							return {
								channels: await openChannels(tenantQuery),
								ratio: await overheadRatio(tenantQuery, query, params.overheadPairs, roles.tenants),
							};
						})
					: { channels: {}, ratio: null });
				return {
					attacks: attacksIn(attacks),
					victims: {
						readCount: victims.filter(({ wrote }) => !wrote).length,
						wrong: { count: wrong.length, first: wrong.slice(0, 10) },
						writes: exactlyOnce(told, found),
						rows: await victimRows(query),
					},
					audit: await auditIn(query, asked, victims, ids),
					openChannels: shown.channels,
					overheadRatio: shown.ratio,
				};
			});
		},
		async ({ params }) => ({
			victims: {
				rows: await victimRowsOf(dataOfAll(params.seed, params.tenants, params.customers)),
			},
		}),
	)
	.judge(enforcement, ...victimsWhole, recovery);

/** The service is killed with a statement written down and not done, and done and not told; its ways to the database break. */
function faultsOf({ faultMs }: P) {
	const between = (from: number, to: number) => ({
		fromMs: Math.round(from * faultMs),
		toMs: Math.round(to * faultMs),
	});
	return [
		atStep(fault("kill", "service", {}, between(0, 0.1)), {
			subject: "service",
			step: "written-down",
		}),
		fault("reset", "audit", {}, between(0.3, 0.4)),
		fault("terminate-backends", "db", {}, between(0.5, 0.55)),
		atStep(fault("kill", "service", {}, between(0.6, 0.7)), { subject: "service", step: "done" }),
		fault("reset", "db", {}, between(0.9, 1)),
	];
}
