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
