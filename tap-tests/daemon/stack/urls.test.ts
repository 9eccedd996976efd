import t from "tap";
import type { Endpoint } from "../../../base/endpoint.ts";
import { hostOf, through } from "../../../daemon/stack/urls.ts";

t.test("a URL leads to its host and port, or the protocol's own, IPv6 too", async (t) => {
	t.equal(hostOf("postgres://u:p@[::1]:6000/db", 5432), "[::1]:6000");
	t.equal(hostOf("redis://[2001:db8::1]", 6379), "[2001:db8::1]:6379");
	t.equal(hostOf("redis://h", 6379), "h:6379");
});

const tls = { ca: "ca.pem", cert: null, key: null };
const paths: [what: string, direct: Endpoint, path: Endpoint][] = [
	[
		"a database and its parameters",
		{ kind: "postgres", url: "postgres://me:pw@db.example:6000/shop?sslmode=require" },
		{ kind: "postgres", url: "postgres://me:pw@127.0.0.1:7/shop?sslmode=require" },
	],
	[
		"the name that TLS verifies",
		{ kind: "postgres", url: "postgres://me@db.example/shop?sslmode=verify-full" },
		{
			kind: "postgres",
			url: "postgres://me@db.example:7/shop?hostaddr=127.0.0.1&sslmode=verify-full",
		},
	],
	[
		"user, number of the database and certificates",
		{ kind: "redis", url: "rediss://u:p@h/3", tls },
		{ kind: "redis", url: "rediss://u:p@127.0.0.1:7/3", tls },
	],
	[
		"scheme and path, and no slash that was not there",
		{ kind: "http", url: "http://h" },
		{ kind: "http", url: "http://127.0.0.1:7" },
	],
];
for (const [what, direct, path] of paths)
	t.test(`a path keeps of what it leads to: ${what}`, async (t) => {
		t.same(through(direct, "127.0.0.1:7"), path);
	});

t.test("each of Kafka's brokers has a proxy of its own", async (t) => {
	const proxied = through({ kind: "kafka", brokers: ["a:1", "b:1"] }, "127.0.0.1:7,127.0.0.1:8");
	t.same(proxied, { kind: "kafka", brokers: ["127.0.0.1:7", "127.0.0.1:8"] });
});
