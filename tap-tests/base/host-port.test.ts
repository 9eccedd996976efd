import t from "tap";
import { hostPortOf, hostPortOfUrl, hostPortText, readHostPort } from "../../base/host-port.ts";

t.test("a host and its port are read as they are written, IPv6 in brackets", async (t) => {
	for (const [text, host, port] of [
		["localhost:9092", "localhost", 9092],
		["10.0.0.1:1", "10.0.0.1", 1],
		["[::1]:9092", "::1", 9092],
		["[2001:db8::1.2.3.4]:65535", "2001:db8::1.2.3.4", 65_535],
		["[2001:db8:1:2:3:4:5:6]:9", "2001:db8:1:2:3:4:5:6", 9],
		["[fe80::1%eth0]:80", "fe80::1%eth0", 80],
	] as const) {
		t.same(readHostPort(text), { host, port });
		t.equal(hostPortText({ host, port }), text, "and written as they are read");
	}
	t.same(readHostPort("[::1]", 9092), { host: "::1", port: 9092 });
	t.same(readHostPort("name", 9092), { host: "name", port: 9092 });
});

t.test("where a URL leads is told as a socket wants it, IPv6 without brackets", async (t) => {
	for (const [url, host, port] of [
		["http://[::1]:8080/a", "::1", 8080],
		["http://[2001:db8::1]/", "2001:db8::1", 80],
		["http://name/", "name", 80],
		["http://10.0.0.1:1/", "10.0.0.1", 1],
	] as const)
		t.same(hostPortOfUrl(new URL(url), 80), { host, port });
});

t.test("what is no host and port is refused, with how it is written", async (t) => {
	for (const text of [
		"",
		":9092",
		"host",
		"::1:9092",
		"host:99999",
		"host:x",
		"a b:1",
		"[::1:1",
		"u@h:1",
	])
		t.throws(() => hostPortOf(text), { code: "FLT_USAGE", hint: /\[::1\]:9092/ }, text);
});
