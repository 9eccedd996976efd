import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { readKafkaUrl } from "../../base/kafka-address.ts";

t.test("brokers are read with their ports, IPv6 too, and spoken to in plain text", async (t) => {
	t.same(readKafkaUrl("kafka://a:1,[::1]:2,c/orders"), {
		brokers: ["a:1", "[::1]:2", "c:9092"],
		security: null,
		topic: "orders",
		shown: "kafka://a:1,[::1]:2,c/orders",
	});
	t.equal(readKafkaUrl("kafka://a:1").topic, null);
});

t.test("a user and a password may hold anything that is escaped, and are not shown", async (t) => {
	const url = "kafka://al%3Aice:p%2Fa@ss:w%25rd@a:1/t?sasl=SCRAM-SHA-512";
	const { security, brokers, shown } = readKafkaUrl(url);
	const sasl = { mechanism: "scram-sha-512", username: "al:ice", password: "p/a@ss:w%rd" };
	t.same(security, { sasl, tls: null });
	t.same(brokers, ["a:1"]);
	t.equal(shown, "kafka://al%3Aice:***@a:1/t?sasl=SCRAM-SHA-512");
	t.equal(readKafkaUrl("kafka://u:p@a:1/t").security?.sasl?.mechanism, "plain");
});

t.test("files of certificates are read, and mean TLS", async (t) => {
	const folder = t.testdir();
	const file = (name: string, kind: string) => {
		writeFileSync(join(folder, name), `-----BEGIN ${kind}-----\n`);
		return join(folder, name);
	};
	const [ca, key] = [file("ca", "CERTIFICATE"), file("key", "EC PRIVATE KEY")];
	t.same(readKafkaUrl(`kafka://a:1/t?ca=${ca}&cert=${ca}&key=${key}`).security, {
		sasl: null,
		tls: {
			ca: "-----BEGIN CERTIFICATE-----\n",
			cert: "-----BEGIN CERTIFICATE-----\n",
			key: "-----BEGIN EC PRIVATE KEY-----\n",
		},
	});
	t.same(readKafkaUrl("kafka://a:1/t?tls=true").security?.tls, { ca: null, cert: null, key: null });
	t.equal(readKafkaUrl("kafka://a:1/t?tls=false").security, null);
	t.throws(() => readKafkaUrl(`kafka://a:1/t?ca=${key}`), { message: /holds no certificate/ });
	t.throws(() => readKafkaUrl(`kafka://a:1/t?ca=${folder}/none`), { message: /ENOENT/ });
});

t.test("what is not understood is refused with what is, and no secret is told", async (t) => {
	for (const [url, message] of [
		["kafka:///t", /names no brokers/],
		["kafka://a:1/t/u", /is no topic/],
		["kafka://a:1/t#part", /behind #/],
		["kafka://a:1/t?acks=all", /no "acks"/],
		["kafka://a:1/t?tls", /no "tls"/],
		["kafka://a:1/t?tls=yes", /tls=yes is not understood/],
		["kafka://a:1/t?tls=true&tls=true", /stands twice/],
		["kafka://a:1/t?tls=false&ca=x", /beside tls=false/],
		["kafka://a:1/t?cert=x", /cert and key go together/],
		["kafka://a:1/t?key=x", /cert and key go together/],
		["kafka://:secret@a:1/t", /or none before it/],
		["kafka://a:1/t?sasl=plain", /but no user/],
		["kafka://u:secret@a:1/t?sasl=gssapi", /sasl=gssapi is not understood/],
		["kafka://u:%secret@a:1/t", /"%" that begins no character/],
		["kafka://u:sec/ret@a:1/t", /before its last @/],
		["kafka://secret@a:1/t", /user without a password/],
		["kafka://::1:9092/t", /"::1:9092" is no host and port/],
	] as const) {
		const error = t.throws(() => readKafkaUrl(url), { code: "FLT_USAGE", message }, url);
		t.notMatch(String((error as Error).message), /secret|sec\/ret/);
	}
});
