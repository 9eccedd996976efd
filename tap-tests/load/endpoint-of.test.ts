import t from "tap";
import { endpointOf, kindOfUrl, schemeOf } from "../../load/endpoint-of.ts";

t.test(
	"a URL is the endpoint that its scheme says, with what it says beside host and port",
	(t) => {
		const rows: [url: string, endpoint: object][] = [
			["http://h:80/base", { kind: "http", url: "http://h/base" }],
			["HTTPS://h/", { kind: "http", url: "https://h/" }],
			["postgresql://u:p@h/db", { kind: "postgres", url: "postgresql://u:p@h/db" }],
			["redis://h/3", { kind: "redis", url: "redis://h/3" }],
			["unix:///s.sock", { kind: "redis", url: "unix:///s.sock" }],
			["kafka://a:1,b/t", { kind: "kafka", brokers: ["a:1", "b:9092"] }],
			["kafka://u:p@a:1", { kind: "kafka", security: { sasl: { username: "u", password: "p" } } }],
		];
		for (const [url, endpoint] of rows) t.match(endpointOf(url), endpoint, url);
		t.end();
	},
);

t.test("what is not understood in a URL is refused", (t) => {
	for (const url of ["", "h:80", "mysql://h", "tcp://h:1", "http://h/#part", "redis://h/x"])
		t.throws(() => endpointOf(url), { code: "FLT_USAGE" }, url);
	t.equal(kindOfUrl("rediss://h"), "redis");
	t.throws(() => kindOfUrl("constructor://h"), { code: "FLT_USAGE" }, "a name of every object");
	t.equal(schemeOf("redis+unix:///s"), "redis+unix");
	t.equal(schemeOf("//h"), null);
	t.end();
});
