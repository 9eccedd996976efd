import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { connectPostgres } from "../../base/postgres-client.ts";
import { throughProxy } from "../../base/postgres-url.ts";
import postgres from "../../load/drivers/postgres.ts";
import postgresWire from "../../load/drivers/postgres-wire.ts";
import { temporaryHome } from "../live/daemon.ts";
import { opened, up } from "../live/stack/stack-helper.ts";
import { makeCertificates } from "./own-certificates.ts";

// A Postgres that asks for everything that one can ask for: TLS with an authority of its own, certificates of clients,
// passwords in three ways. Reached by both drivers, by what hooks and faults use, and through Toxiproxy.

t.setTimeout(180_000);

const folder = mkdtempSync(join(tmpdir(), "flt-pg-"));
chmodSync(folder, 0o755); // the server may be another user's
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const { ca, otherCa, server, client } = makeCertificates(folder, "by_certificate");

const rules = `
hostssl all by_certificate all cert
hostssl all tls_only all trust
hostnossl all plain_only all trust
host all scram all scram-sha-256
host all md5 all md5
host all clear all password
host all postgres all trust
`;
const roles = `
create role by_certificate login;
create role tls_only login;
create role plain_only login;
set password_encryption = 'scram-sha-256';
create role scram login password 'p@ss:/w';
create role clear login password 'pw';
set password_encryption = 'md5';
create role md5 login password 'pw';
alter system set ssl_cert_file = '${server.cert}';
alter system set ssl_key_file = '${server.key}';
alter system set ssl_ca_file = '${ca}';
alter system set ssl = on;
`;

let port = 0;
t.before(async () => {
	const { stack } = await opened(t, temporaryHome(t), { only: ["postgres"] });
	const { endpoint } = up(stack, "postgres");
	const url = endpoint.kind === "postgres" ? endpoint.url : "";
	port = Number(new URL(url).port);
	const admin = await connectPostgres(url);
	const { rows } = await admin.query<{ hba: string; data: string }>(
		"select current_setting('hba_file') as hba, current_setting('data_directory') as data",
	);
	const { hba, data } = rows[0]!;
	writeFileSync(hba, rules);
	chownSync(server.key, statSync(data).uid, statSync(data).gid);
	chmodSync(server.key, 0o600);
	for (const statement of roles.split(";").filter((text) => text.trim() !== ""))
		await admin.query(statement);
	await admin.query("select pg_reload_conf()");
	await admin.end();
	// A reload is done when its server says so to a new session.
	for (let secured = false; !secured; ) {
		const look = await connectPostgres(url);
		const { rows } = await look.query<{ ssl: string }>("show ssl");
		secured = rows[0]?.ssl === "on";
		await look.end();
	}
});

const secured = `select coalesce(
	(select version || coalesce(client_dn, '') from pg_stat_ssl where pid = pg_backend_pid() and ssl), 'plain')`;

/** What each way to connect makes of a URL: how it is secured, or why it is not. */
const ways: Record<string, (url: string) => Promise<unknown>> = {
	async postgres(url) {
		const { signal } = new AbortController();
		const opened = await postgres.open({ kind: "postgres", url }, { connections: 1, signal });
		const { rows } = await opened.query(secured).finally(() => postgres.close(opened));
		return rows[0]?.coalesce;
	},
	async "postgres-wire"(url) {
		const { signal } = new AbortController();
		const opened = await postgresWire.open({ kind: "postgres", url }, { connections: 1, signal });
		// More than one record of TLS and one read.
		const long = { name: "long", text: `${secured} || repeat(' ', 300000)` };
		const rows = await opened.query(long, []).finally(() => postgresWire.close(opened));
		return rows[0]?.[0]?.trimEnd();
	},
	async hooks(url) {
		const opened = await connectPostgres(url);
		const { rows } = await opened.query<{ coalesce: string }>(secured);
		await opened.end();
		return rows[0]?.coalesce;
	},
};

const root = `sslrootcert=${ca}`;
const files = `sslcert=${client.cert}&sslkey=${client.key}`;
const rows: [who: string, query: string, seen: RegExp, why: string][] = [
	["postgres", "", /^plain$/, "no TLS unless asked for"],
	["tls_only", "", /no pg_hba\.conf entry .* no encryption/, "refused without"],
	["tls_only", "sslmode=disable", /no pg_hba\.conf entry/, "refused without"],
	["tls_only", "sslmode=allow", /^TLS/, "allow goes on with TLS"],
	["plain_only", "sslmode=allow", /^plain$/, "allow begins without"],
	["tls_only", "sslmode=prefer", /^TLS/, "prefer begins with TLS"],
	["plain_only", "sslmode=prefer", /^plain$/, "prefer goes on without"],
	["tls_only", "sslmode=require", /^TLS/, "require verifies nothing"],
	["plain_only", "sslmode=require", /no pg_hba\.conf entry/, "and does not go without"],
	[
		"tls_only",
		`sslmode=require&sslrootcert=${otherCa}`,
		/self-signed/,
		"but for a named authority",
	],
	["tls_only", "sslmode=verify-ca", /self-signed/, "an authority that nobody trusts"],
	["tls_only", `sslmode=verify-ca&${root}`, /^TLS/, "the right one"],
	["tls_only", `sslmode=verify-full&${root}`, /^TLS/, "and the right name"],
	["tls_only", `sslmode=verify-full&sslrootcert=${otherCa}`, /self-signed/, "the wrong one"],
	["by_certificate", `sslmode=verify-full&${root}`, /valid client certificate/, "no certificate"],
	["by_certificate", `sslmode=verify-full&${root}&${files}`, /^TLS.*\/CN=by_certificate$/, "one"],
	["scram:p%40ss%3A%2Fw", "", /^plain$/, "SCRAM"],
	["scram:wrong", "", /password authentication failed/, "a wrong password"],
	["scram:p%40ss%3A%2Fw", "sslmode=require", /^TLS/, "SCRAM under TLS"],
	["md5:pw", "", /^plain$/, "md5"],
	["clear:pw", "", /^plain$/, "in clear"],
];

t.test("each mode of TLS and each kind of password, by every way to connect", async (t) => {
	for (const [who, query, seen, why] of rows)
		for (const [name, way] of Object.entries(ways)) {
			const url = `postgres://${who}@localhost:${port}/postgres${query && `?${query}`}`;
			const outcome = await way(url).catch((error: Error) => error.message);
			t.match(outcome, seen, `${name}, ${who.split(":")[0]}, ${query}: ${why}`);
		}
});

t.test("a name that is not in the certificate is refused, unless it is not verified", async (t) => {
	for (const [name, way] of Object.entries(ways)) {
		const url = `postgres://tls_only@127.0.0.1:${port}/postgres?${root}`;
		await t.rejects(
			way(`${url}&sslmode=verify-full`),
			/does not match certificate's altnames/,
			name,
		);
		t.match(await way(`${url}&sslmode=verify-ca`), /^TLS/, name);
		const placed = `postgres://tls_only@localhost:${port}/postgres?${root}&sslmode=verify-full&hostaddr=127.0.0.1`;
		t.match(await way(placed), /^TLS/, `${name}: the name of one place, at the address of another`);
	}
});

/** Carries on to the server: what a socket, or another address, is like. */
function carrying(): Server {
	return createServer((near) => {
		const far = connect(port, "127.0.0.1");
		for (const socket of [near, far]) socket.on("error", () => {});
		near.pipe(far).pipe(near);
	});
}

t.test("a socket of the file system, written in both ways, and an IPv6 address", async (t) => {
	const [onSocket, onIpv6] = [carrying(), carrying()];
	await new Promise<void>((resolve) => onSocket.listen(`${folder}/.s.PGSQL.5432`, resolve));
	await new Promise<void>((resolve) => onIpv6.listen(0, "::1", resolve));
	t.teardown(() => {
		onSocket.close();
		onIpv6.close();
	});
	const bound = onIpv6.address();
	const ipv6Port = typeof bound === "object" ? bound?.port : 0;
	const urls = [
		`postgres://scram:p%40ss%3A%2Fw@/postgres?host=${folder}`,
		`postgres://scram:p%40ss%3A%2Fw@${encodeURIComponent(folder)}/postgres`,
		`postgres://scram:p%40ss%3A%2Fw@[::1]:${ipv6Port}/postgres`,
	];
	for (const url of urls)
		for (const [name, way] of Object.entries(ways))
			t.equal(await way(url), "plain", `${name}, ${url}`);
	const { stack } = await opened(t, temporaryHome(t), {
		flags: { postgresUrl: `postgres://postgres@/postgres?host=${folder}` },
		only: ["postgres", "toxiproxy"],
	});
	const { proxied } = up(stack, "postgres");
	const url = proxied?.kind === "postgres" ? proxied.url : "";
	t.match(url, /@127\.0\.0\.1:\d+\/postgres$/, "a proxy leads there through a relay");
	for (const [name, way] of Object.entries(ways)) t.equal(await way(url), "plain", name);
	await stack.close();
});

t.test("a path keeps the name that TLS verifies", async (t) => {
	const direct = `postgres://by_certificate@localhost:${port}/postgres?sslmode=verify-full&${root}&${files}`;
	const { stack } = await opened(t, temporaryHome(t), {
		flags: { postgresUrl: direct },
		only: ["postgres", "toxiproxy"],
	});
	const { proxied } = up(stack, "postgres");
	const url = proxied?.kind === "postgres" ? proxied.url : "";
	t.match(url, /@localhost:\d+\/postgres\?hostaddr=127\.0\.0\.1&sslmode=verify-full/);
	const proxyPort = Number(new URL(url).port);
	t.not(proxyPort, port);
	for (const [name, way] of Object.entries(ways)) t.match(await way(url), /^TLS/, name);
	for (const mode of ["allow", "prefer", "require", `verify-ca&${root}`])
		for (const [name, way] of Object.entries(ways)) {
			const one = throughProxy(
				`postgres://tls_only@localhost:${port}/postgres?sslmode=${mode}`,
				`127.0.0.1:${proxyPort}`,
			);
			t.match(await way(one), /^TLS/, `${name}, ${mode}`);
		}
	await stack.close();
});
