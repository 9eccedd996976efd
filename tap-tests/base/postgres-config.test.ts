import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { rootCertificates } from "node:tls";
import t from "tap";
import { connectAs, postgresConfigs, triesNextWay } from "../../base/postgres-config.ts";

t.test("each mode of TLS has its ways to connect, in their order", async (t) => {
	const folder = t.testdir({ ca: rootCertificates[0]!, cert: "c", key: "k" });
	const waysOf = (query: string) =>
		postgresConfigs(`postgres://h/d?${query}`).map(({ ssl }) => {
			if (ssl === false) return "plain";
			if (ssl.rejectUnauthorized === false) return "unverified";
			return ssl.checkServerIdentity === undefined ? "verified" : "any name";
		});
	const root = `sslrootcert=${folder}/ca`;
	const rows: [query: string, ways: string[]][] = [
		["sslmode=disable", ["plain"]],
		["sslmode=allow", ["plain", "unverified"]],
		["sslmode=prefer", ["unverified", "plain"]],
		["sslmode=require", ["unverified"]],
		[`sslmode=require&${root}`, ["any name"]],
		[`sslmode=verify-ca&${root}`, ["any name"]],
		[`sslmode=verify-full&${root}`, ["verified"]],
		["sslmode=verify-full&sslrootcert=system", ["verified"]],
	];
	for (const [query, ways] of rows) t.same(waysOf(query), ways, query);
	const files = `sslmode=require&sslcert=${folder}/cert&sslkey=${folder}/key&sslpassword=x`;
	const [{ ssl }] = postgresConfigs(`postgres://h/d?${files}`);
	t.match(ssl, { cert: "c", key: "k", passphrase: "x" });
	t.throws(() => postgresConfigs(`postgres://h/d?sslrootcert=${folder}/none`), {
		code: "FLT_USAGE",
		message: /sslrootcert=.*none can't be read: ENOENT/,
	});
});

t.test("what the URL says comes before what is usual", async (t) => {
	const usual = { application_name: "usual", connectionTimeoutMillis: 5 };
	const [config] = postgresConfigs("postgres://h/d?application_name=own", usual);
	t.match(config, { application_name: "own", connectionTimeoutMillis: 5, host: "h" });
	const [patient] = postgresConfigs("postgres://h/d?connect_timeout=3", usual);
	t.equal(patient.connectionTimeoutMillis, 3_000, "libpq's are seconds");
	const [endless] = postgresConfigs("postgres://h/d?connect_timeout=0", usual);
	t.equal(endless.connectionTimeoutMillis, 5, "0 says nothing");
});

t.test("the next way is tried for what is about TLS, and for nothing else", async (t) => {
	const rows: [error: object, next: boolean][] = [
		[{ message: "The server does not support SSL connections" }, true],
		[{ code: "28000", message: "no pg_hba.conf entry for host" }, true],
		[{ code: "ERR_SSL_WRONG_VERSION_NUMBER" }, true],
		[{ code: "28P01", message: "password authentication failed" }, false],
		[{ code: "ECONNREFUSED" }, false],
	];
	for (const [error, next] of rows)
		t.equal(triesNextWay(Object.assign(new Error(), error)), next, JSON.stringify(error));
	const tried: unknown[] = [];
	const refusing = connectAs(postgresConfigs("postgres://h/d?sslmode=allow"), async ({ ssl }) => {
		tried.push(ssl === false);
		throw Object.assign(new Error("no"), { code: "28000" });
	});
	await t.rejects(refusing, { code: "28000" });
	t.same(tried, [true, false]);
});

t.test("where it is said, it connects there, and keeps the name for TLS", async (t) => {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	t.teardown(() => server.close());
	const { port } = server.address() as AddressInfo;
	const url = `postgres://db.invalid:${port}/d?hostaddr=127.0.0.1&sslmode=verify-full`;
	const [config] = postgresConfigs(url);
	t.equal(config.host, "db.invalid", "what the certificate is for");
	const socket = config.stream();
	t.teardown(() => socket.destroy());
	socket.connect(config.port!, config.host!);
	await once(socket, "connect"); // rejects where it looks for the name, which does not resolve
	t.equal(socket.remoteAddress, "127.0.0.1");
});
