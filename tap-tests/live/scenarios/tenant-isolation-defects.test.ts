import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import t, { type Test } from "tap";
import {
	type AttackReceipt,
	make,
} from "../../../scenarios/databases/tenant-isolation/attacks/answer.ts";
import { attackOf } from "../../../scenarios/databases/tenant-isolation/attacks/attacks.ts";
import { enforcement, victimsWhole } from "../../../scenarios/databases/tenant-isolation/checks.ts";
import { insertSql } from "../../../scenarios/databases/tenant-isolation/data.ts";
import {
	attacksIn,
	auditIn,
	dataOfAll,
	type Query,
	statementsOf,
	victimRows,
	victimRowsOf,
} from "../../../scenarios/databases/tenant-isolation/hooks.ts";
import { installSql } from "../../../scenarios/databases/tenant-isolation/install.ts";
import type { IsolationFacts } from "../../../scenarios/databases/tenant-isolation/record.ts";
import { rolesOf } from "../../../scenarios/databases/tenant-isolation/roles.ts";
import { signToken } from "../../../scenarios/databases/tenant-isolation/tokens.ts";
import { temporaryHome } from "../daemon.ts";
import { opened, up } from "../stack/stack-helper.ts";

// Defects planted into the SQL and the service, on a real Postgres: each is caught by its check.

const folder = fileURLToPath(
	new URL("../../../scenarios/databases/tenant-isolation/", import.meta.url),
);
const workload = { seed: 5, tenants: 5, customers: 6 };
const attackCount = 400;
const secret = "a secret of the test";

let url: string;
let installed = 0;
t.before(async () => {
	const { stack } = await opened(t, temporaryHome(t), { only: ["postgres"] });
	const { endpoint } = up(stack, "postgres");
	if (endpoint.kind !== "postgres") throw new Error("Postgres has an endpoint of its own kind");
	url = endpoint.url;
});

interface Defect {
	/** Statements after the installation. */
	sql?: (roles: ReturnType<typeof rolesOf>) => string[];
	/** In one file of the service. */
	file?: string;
	from?: string;
	to?: string;
}

/** What the checks are asked about once all attacks have been made on an installation with this defect. */
async function attacked(t: Test, { sql, file, from, to }: Defect): Promise<IsolationFacts> {
	const name = `isolation_${++installed}`;
	const roles = rolesOf(`${name}_`);
	const admin = new pg.Client({ connectionString: url });
	await admin.connect();
	await admin.query(`create database ${name}`);
	await admin.end();
	const at = new URL(url);
	at.pathname = `/${name}`;
	const database = at.href;
	const client = new pg.Client({ connectionString: database });
	await client.connect();
	t.teardown(() => client.end());
	const tenants = Array.from({ length: workload.tenants }, (_, i) => i + 1);
	for (const text of installSql(roles, secret, "role", tenants)) await client.query(text);
	const data = dataOfAll(workload.seed, workload.tenants, workload.customers);
	for (const { text, values } of insertSql(data)) await client.query(text, values);
	for (const text of sql?.(roles) ?? []) await client.query(text);

	const copy = t.testdir({});
	cpSync(folder, copy, { recursive: true });
	if (file !== undefined) {
		const source = readFileSync(join(copy, file), "utf8");
		const damaged = source.replace(from!, to!);
		if (damaged === source) throw new Error(`${file} is as it was`);
		writeFileSync(join(copy, file), damaged);
	}
	const service = spawn(
		process.execPath,
		["--no-warnings", join(copy, "service/tenant-service.ts")],
		{
			env: {
				...process.env,
				DATABASE_URL: database,
				TENANCY_SECRET: secret,
				ROLE_PREFIX: `${name}_`,
				FLT_PORT: "0",
			},
			stdio: ["ignore", "pipe", "inherit"],
		},
	);
	t.teardown(() => service.kill());
	const base = `http://127.0.0.1:${await portOf(service)}`;

	const arena = { ...workload, roles };
	const tokenOf = (tenant: number) => signToken({ tenant, expiresS: 9e9 }, secret);
	const receipts: AttackReceipt[] = [];
	for (let n = 0; n < attackCount; n++) {
		const { me, attack } = attackOf(arena, n, tokenOf);
		receipts.push(
			await make(n, me, attack, tokenOf(me), async (_, { path, headers, body }) => {
				const method = body === null ? "GET" : "POST";
				const answer = await fetch(`${base}${path}`, { method, headers, body });
				return { status: answer.status, text: await answer.text() };
			}),
		);
	}
	const asked = receipts.flatMap(({ n, answered }) => {
		const { me, attack } = attackOf(arena, n, tokenOf);
		return statementsOf(attack, n, me, answered);
	});
	const query: Query = (text, values) => client.query(text, values);
	const nothing = {
		acceptedCount: 0,
		foundCount: 0,
		lostCount: 0,
		doubledCount: 0,
		phantomCount: 0,
	};
	const none = {
		unknownCount: 0,
		unknownFoundCount: 0,
		lost: [],
		doubled: [],
		phantom: [],
		times: {},
	};
	return {
		observed: {
			attacks: attacksIn(receipts),
			victims: {
				readCount: 1,
				wrong: { count: 0, first: [] },
				writes: { ...nothing, ...none },
				rows: await victimRows(query),
			},
			audit: await auditIn(query, asked, [], []),
			openChannels: {},
			overheadRatio: null,
		},
		expected: { victims: { rows: await victimRowsOf(data) } },
		faults: [],
	};
}

async function portOf(service: ChildProcess): Promise<number> {
	let said = "";
	service.stdout!.setEncoding("utf8").on("data", (text: string) => {
		said += text;
	});
	for (;;) {
		const [, port] = /FLT_READY \{"port":(\d+)\}/.exec(said) ?? [];
		if (port !== undefined) return Number(port);
		const ended = once(service, "exit").then(() =>
			Promise.reject(new Error("the service has ended")),
		);
		await Promise.race([once(service.stdout!, "data"), ended]);
	}
}

const checks = { ...enforcement.checks, ...victimsWhole[0].checks };

function failing(facts: IsolationFacts): string[] {
	return Object.entries(checks).flatMap(([id, { judge }]) =>
		judge(facts).ok === true ? [] : [id],
	);
}

t.test("as it is, no attack gets anything", async (t) => {
	t.same(failing(await attacked(t, {})), []);
});

const defects: Record<string, Defect & { caughtBy: string }> = {
	"one table has no policy": {
		sql: () => ["alter table shop.customers disable row level security"],
		caughtBy: "no-row-leaks",
	},
	"a tenant passes by row security": {
		sql: ({ tenant }) => [`alter role "${tenant(1)}" bypassrls`],
		caughtBy: "no-row-leaks",
	},
	"a tenant may be the owner": {
		sql: ({ owner, tenant }) => [
			`grant "${owner}" to "${tenant(2)}"`,
			"alter table shop.orders no force row level security",
		],
		caughtBy: "no-row-leaks",
	},
	"what is written is not looked at": {
		sql: ({ tenants }) => [
			"drop policy own_rows on shop.customers",
			`create policy own_rows on shop.customers to "${tenants}" using (tenant_id = tenancy.current_tenant()) with check (true)`,
		],
		caughtBy: "victims-untouched",
	},
	"addresses are unique over all tenants": {
		sql: () => ["create unique index on shop.customers (email)"],
		caughtBy: "nothing-told",
	},
	"the audit can be rewritten": {
		sql: ({ tenants }) => [
			"drop trigger append_only on audit.statements",
			`grant usage on schema audit to "${tenants}"`,
			`grant select, update on audit.statements to "${tenants}"`,
		],
		caughtBy: "everything-audited",
	},
	"not every statement is written down": {
		file: "service/tenant-service.ts",
		from: "await writeDown(tenant, name, text);",
		to: "if (/^(begin|select)/.test(text)) await writeDown(tenant, name, text);",
		caughtBy: "everything-audited",
	},
	"a signature is not looked at": {
		file: "tokens.ts",
		from: "!timingSafeEqual(given, wanted)",
		to: "false",
		caughtBy: "door-closed",
	},
	"a claim needs no signature": {
		file: "tokens.ts",
		from: "if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;",
		to: "if (given.length > 0 && !timingSafeEqual(given, wanted)) return null;",
		caughtBy: "door-closed",
	},
};

for (const [title, { caughtBy, ...defect }] of Object.entries(defects))
	t.test(`${title}: caught by ${caughtBy}`, async (t) => {
		const failed = failing(await attacked(t, defect));
		t.ok(failed.includes(caughtBy), failed.join(", "));
	});
