import t from "tap";
import { targetOf } from "../../load/target.ts";

t.test(
	"an HTTP target is its origin and what is asked of it; a body makes it a POST",
	async (t) => {
		t.match(targetOf("http://127.0.0.1:80/a%20b?x=1", {}), {
			endpoint: { kind: "http", url: "http://127.0.0.1/" },
			repeat: { kind: "http", method: "GET", path: "/a%20b?x=1", body: null },
			driver: "http",
		});
		t.match(targetOf("HTTP://H/A", {}).repeat, { path: "/A" });
		t.match(targetOf("https://h/users/{n}", { body: "{}", header: ["Content-Type: text/json"] }), {
			endpoint: { url: "https://h/" },
			repeat: { method: "POST", path: "/users/{n}", headers: [{}, ["Content-Type", "text/json"]] },
		});
		t.match(targetOf("http://h/", { method: "delete" }).repeat, { method: "DELETE" });
	},
);

t.test("a password is used but never shown", async (t) => {
	for (const url of ["http://u:secret@h/", "postgres://u:secret@h/db", "redis://:secret@h/1"]) {
		const target = targetOf(url, {});
		t.notMatch(target.shown, "secret");
		t.match(JSON.stringify(target.endpoint), "secret");
	}
	for (const url of [
		"mysql://u:secret@h/db",
		"http://u:sec@ret@h:x/",
		"kafka://u:secret@a:1/t?x=1",
	])
		try {
			targetOf(url, {});
			t.fail(url);
		} catch (error) {
			t.notMatch((error as Error).message, /secret|sec@/, url);
		}
});

t.test("statements come one by one or from a file, as SQL or JSON, with values", async (t) => {
	const folder = t.testdir({
		mixed: '-- comment\nselect 1;\n\n{"text":"select $1::int","values":["{n}"]}\n',
		broken: '{"text":',
		nothing: "-- only this\n",
	});
	const url = "postgres://h/db";
	t.match(targetOf(url, {}).repeat, { statements: [{ text: "select 1", values: [] }] });
	t.match(targetOf(url, { query: "select $1", value: ["{n}"] }).repeat, {
		statements: [{ text: "select $1", values: ["{n}"] }],
	});
	t.match(targetOf(url, { statements: `${folder}/mixed` }).repeat, {
		statements: [
			{ text: "select 1", values: [] },
			{ text: "select $1::int", values: ["{n}"] },
		],
	});
	const refused = { code: "FLT_USAGE" };
	t.throws(() => targetOf(url, { statements: `${folder}/broken` }), {
		...refused,
		message: /line 1/,
	});
	t.throws(() => targetOf(url, { statements: `${folder}/nothing` }), refused);
	t.throws(() => targetOf(url, { statements: "/no/such/file" }), refused);
	t.throws(() => targetOf(url, { statements: `${folder}/mixed`, query: "x" }), refused);
});

t.test("a Redis command is split at spaces, quotes keep words together", async (t) => {
	t.match(targetOf("redis://h", { command: `SET k "two words" 'and three'` }).repeat, {
		command: ["SET", "k", "two words", "and three"],
	});
	t.match(targetOf("redis://h", { command: `SET k:{random(1, 5)} {"a":1} it's` }).repeat, {
		command: ["SET", "k:{random(1, 5)}", '{"a":1}', "it's"],
	});
	for (const command of ["monitor", "SUBSCRIBE x", "multi", "HELLO 3", "client reply off"])
		t.throws(() => targetOf("redis://h", { command }), { message: /changes how its connection/ });
	for (const command of [" ", "GET {rnadom(1,5)}", `SET k "two words`, `SET k "a"b`])
		t.throws(() => targetOf("redis://h", { command }), { code: "FLT_USAGE", message: /--command/ });
});

t.test("files for TLS are of targets that speak it, and read before anything else", async (t) => {
	const cert = "tap-tests/load/fixtures/localhost-cert.pem";
	const key = "tap-tests/load/fixtures/localhost-key.pem";
	t.match(targetOf("rediss://h", { ca: cert, cert, certKey: key }).endpoint, {
		tls: { ca: cert, cert, key },
	});
	t.match(targetOf("https://h", { ca: cert }).endpoint, { tls: { ca: cert, cert: null } });
	t.equal((targetOf("https://h", {}).endpoint as { tls?: object }).tls, undefined);
	const rows: [url: string, flags: object, said: RegExp][] = [
		["http://h", { ca: cert }, /--ca for a target without TLS/],
		["redis://h", { ca: cert, cert }, /--ca, --cert for a target without TLS/],
		["https://h", { ca: "/no/such" }, /--ca \/no\/such: ENOENT/],
		["https://h", { ca: key }, /has no certificate/],
		["https://h", { cert }, /has no private key/],
		["https://h", { certKey: key }, /--cert-key without --cert/],
		["postgres://h/d", { ca: cert }, /--ca is not for a postgres target/],
	];
	for (const [url, flags, said] of rows)
		t.throws(() => targetOf(url, flags), { code: "FLT_USAGE", message: said }, `${said}`);
});

t.test("a Kafka target names brokers and topic", async (t) => {
	t.match(targetOf("kafka://a:1,b:2/orders.v1", { messageBytes: "300", consume: true }), {
		endpoint: { kind: "kafka", brokers: ["a:1", "b:2"] },
		repeat: { topic: "orders.v1", valueBytes: 300, key: null, consume: true },
	});
	const strange = ["kafka://a:1/t/u", "kafka://a:1/t?x=1", "kafka://a:1/t#x"];
	t.match(targetOf("kafka://u:secret@[::1]:1/t?sasl=scram-sha-256&tls=true", {}), {
		shown: "kafka://u:***@[::1]:1/t?sasl=scram-sha-256&tls=true",
		endpoint: {
			brokers: ["[::1]:1"],
			security: { sasl: { password: "secret" }, tls: { ca: null } },
		},
	});
	for (const url of ["kafka://a:1", "kafka://a:1/", "kafka:///t", ...strange])
		t.throws(() => targetOf(url, {}), { code: "FLT_USAGE" });
	t.throws(() => targetOf("kafka://a:1/t", { messageBytes: "8" }), { code: "FLT_USAGE" });
});

t.test(
	"what can't be loaded, and a flag of another kind of target, are refused with what to write",
	async (t) => {
		t.throws(() => targetOf("localhost:80", {}), { code: "FLT_USAGE", hint: /http:/ });
		t.throws(() => targetOf("mysql://h", {}), { code: "FLT_USAGE" });
		t.throws(() => targetOf("redis://h", { messageBytes: "1", query: "x" }), {
			message: "--message-bytes and --query are not for a redis target",
			hint: "it takes --command, --ca, --cert, --cert-key",
		});
	},
);
