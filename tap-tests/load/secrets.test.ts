import t from "tap";
import { secretsOf } from "../../load/secrets.ts";

t.test(
	"passwords of endpoints are secrets, as written and as meant, the longest first",
	async (t) => {
		const endpoints = {
			db: { kind: "postgres", url: "postgres://me:p%40ss@h/db?sslpassword=other" },
			cache: { kind: "redis", url: "redis://:p%40ssword@h/1" },
			api: { kind: "http", url: "https://token-alone@h/?api_key=k1&page=2" },
			trusting: { kind: "postgres", url: "postgres://postgres@h/db" },
			log: { kind: "kafka", brokers: ["h:1"] },
		} as const;
		const work = async () => undefined;
		t.same(secretsOf({ ...endpoints, log: { kind: "kafka", brokers: ["h:1"] } }, work), [
			"token-alone",
			"p%40ssword",
			"p@ssword",
			"p%40ss",
			"other",
			"p@ss",
			"k1",
		]);
	},
);

t.test("so are the password and the key that brokers are shown", async (t) => {
	const sasl = { mechanism: "plain", username: "me", password: "p@ss" } as const;
	const tls = { ca: "an authority", cert: "a certificate", key: "a private key" };
	const log = { kind: "kafka" as const, brokers: ["h:1"], security: { sasl, tls } };
	t.same(
		secretsOf({ log }, async () => undefined),
		["a private key", "p%40ss", "p@ss"],
	);
});

t.test("so is what an operation shows who it is with", async (t) => {
	const http = { kind: "http", method: "GET", path: "/", body: null } as const;
	const headers: [string, string][] = [
		["Authorization", "Bearer abc"],
		["X-Api-Key", "k"],
		["Accept", "text/html"],
	];
	t.same(secretsOf({}, { repeat: { ...http, headers } }), ["Bearer abc", "abc", "k"]);
	t.same(secretsOf({}, { repeat: { ...http, path: "/a?api_key=k%2F1&page=2", headers: [] } }), [
		"k%2F1",
		"k/1",
	]);
	t.same(secretsOf({}, { repeat: { kind: "redis", command: ["auth", "me", "pw123"] } }), [
		"pw123",
		"me",
	]);
	t.same(secretsOf({}, { repeat: { kind: "redis", command: ["GET", "x"] } }), []);
	t.same(secretsOf({}, { repeat: { kind: "postgres", statements: [] } }), []);
});
