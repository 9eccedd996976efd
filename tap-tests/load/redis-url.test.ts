import t from "tap";
import { redisAddressOf } from "../../load/redis-url.ts";

t.test("a Redis URL says host, TLS, user, password and database", async (t) => {
	const rows: [url: string, address: object][] = [
		["redis://h", { at: { host: "h", port: 6379 }, isSecure: false, user: "", password: null }],
		["redis://h/", { database: 0 }],
		["redis://h/3", { database: 3 }],
		["redis://h?db=3", { database: 3 }],
		["redis://h/?db=3", { database: 3 }],
		["redis://h/3?db=3", { database: 3 }],
		["redis://:p%40ss@h:7", { user: "", password: "p@ss", at: { port: 7 } }],
		["redis://joe:x@[::1]:7/1", { user: "joe", at: { host: "::1", port: 7 }, database: 1 }],
		["rediss://h", { isSecure: true }],
		["unix:///run/re%20dis.sock?db=2", { at: { socket: "/run/re dis.sock" }, database: 2 }],
		["redis+unix://me:pw@localhost/s", { at: { socket: "/s" }, user: "me", password: "pw" }],
	];
	for (const [url, address] of rows) t.match(redisAddressOf(url), address, url);
	t.same(redisAddressOf("redis://[::1]").at, { host: "::1", port: 6379 }, "without brackets");
	t.equal(redisAddressOf("redis://me:secret@h/3").shown, "redis://me:***@h/3");
});

t.test(
	"what a Redis URL says and nothing understands is refused, but no password shown",
	async (t) => {
		const rows: [url: string, said: RegExp][] = [
			["redis://h/3?db=4", /two databases, \/3 and \?db=4/],
			["redis://h?db=3&db=4", /db=3&db=4/],
			["redis://h?db=x", /\?db=x/],
			["redis://h/name", /the path "\/name"/],
			["redis://h?password=secret&timeout=5", /has \?password=, \?timeout=$/],
			["redis://h#1", /fragment, "#1"/],
			["redis://me@h", /a user without a password/],
			["redis://me:50%secret@h", /the password/],
			["redis://", /no host/],
			["unix://", /no path of a socket/],
			["unix://h/run/x", /no path of a socket/],
			["redis://u:sec/ret@h", /is no URL/],
		];
		for (const [url, said] of rows) {
			t.throws(() => redisAddressOf(url), { code: "FLT_USAGE", message: said }, url);
			try {
				redisAddressOf(url);
			} catch (error) {
				t.notMatch((error as Error).message, /secret|sec\/ret/);
			}
		}
	},
);
