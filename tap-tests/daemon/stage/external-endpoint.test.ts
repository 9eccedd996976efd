import t from "tap";
import { addressOf, externalEndpoint } from "../../../daemon/stage/external-endpoint.ts";

t.test("a path leads where its url says, in each protocol that a proxy carries", (t) => {
	const rows: [url: string, kind: string, host: string, port: number][] = [
		["http://127.0.0.1:8080/base", "http", "127.0.0.1", 8080],
		["http://[::1]", "http", "::1", 80],
		["postgres://u:p@db.here/shop", "postgres", "db.here", 5432],
		["postgres://u@db/shop?hostaddr=10.0.0.7&sslmode=verify-full", "postgres", "10.0.0.7", 5432],
		["redis://cache", "redis", "cache", 6379],
		["kafka://a:19092,b:29092", "kafka", "a", 19_092],
		["tcp://localhost:3306", "tcp", "localhost", 3306],
		["TCP://localhost:3306/", "tcp", "localhost", 3306],
	];
	for (const [url, kind, host, port] of rows) {
		const endpoint = externalEndpoint(url);
		t.equal(endpoint.kind, kind, url);
		t.same(addressOf(endpoint), { host, port }, url);
	}
	t.equal(addressOf(externalEndpoint("postgres://u@/db?host=/run/postgresql")), null);
	t.end();
});

t.test("what no proxy can carry is refused with the reason and what to do", (t) => {
	const rows: [url: unknown, message: RegExp, hint: RegExp][] = [
		["https://api", /is one with TLS, whose certificate is for the server's name/, /without TLS/],
		["rediss://cache", /is one with TLS/, /end the TLS before it/],
		["unix:///run/redis.sock", /is a socket of the file system/, /a port of loopback/],
		["http://api/?a=1", /has a query/, /operations say what they ask/],
		["kafka://a:9092/orders", /names a topic/, /leave the topic out/],
		["mysql://db", /its url is "mysql:\/\/db"/, /tcp:\/\/HOST:PORT for another protocol/],
		["tcp://db", /its url is "tcp:\/\/db"/, /write tcp:\/\/HOST:PORT/],
		["tcp://db:1/path", /its url is/, /and no more/],
		["", /its url is ""/, /write http/],
		[undefined, /its url is not there/, /write http/],
		[8080, /its url is 8080/, /write http/],
	];
	for (const [url, message, hint] of rows)
		t.throws(() => externalEndpoint(url), { code: "FLT_USAGE", message, hint }, String(url));
	t.throws(() => externalEndpoint("https://u:secret@api"), { message: /^(?!.*secret)/ });
	t.end();
});
