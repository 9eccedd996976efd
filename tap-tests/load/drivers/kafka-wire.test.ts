import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { once } from "node:events";
import net from "node:net";
import t, { type Test } from "tap";
import type { Endpoint } from "../../../base/endpoint.ts";
import type { Sasl } from "../../../base/kafka-address.ts";
import { KafkaError } from "../../../base/kafka-errors.ts";
import kafka from "../../../load/drivers/kafka-wire.ts";
import type { KafkaMessage } from "../../../load/kafka-client.ts";
import { outcomeOf } from "../../../load/outcome.ts";
import { batchBytes, writeBatch } from "../../../load/wire/kafka-batch.ts";
import { isForGood } from "../../../load/wire/kafka-read.ts";
import { type FakeKafka, fakeKafka } from "./fake-kafka.ts";

async function openAt(t: Test, { address }: FakeKafka, sasl: Sasl | null = null) {
	const { signal } = new AbortController();
	const at: Endpoint = { kind: "kafka", brokers: [address], security: { sasl, tls: null } };
	const client = await kafka.open(at, { connections: 1, signal });
	t.teardown(() => kafka.close(client));
	return client;
}

const value = Buffer.from("some value");
const to = (partition: number): KafkaMessage => ({ key: null, value, partition });
const outcome = (error: unknown) => outcomeOf(error, [kafka]);

t.test("each message has the outcome of its own partition", async (t) => {
	const broker = await fakeKafka(t, "orders", 3);
	const client = await openAt(t, broker);
	broker.errors.set(1, 6).set(2, 7);
	const ended = await Promise.allSettled([0, 1, 2, 0].map((p) => client.send("orders", to(p))));
	t.same(
		ended.map((one) => (one.status === "fulfilled" ? "ok" : outcome(one.reason))),
		[
			"ok",
			{ kind: "fail", code: "NOT_LEADER_OR_FOLLOWER" },
			{ kind: "unknown", code: "REQUEST_TIMED_OUT" },
			"ok",
		],
	);
	t.same(broker.produced, [[0, 1, 2]], "in one request");
	t.equal(broker.lookedUp, 1);
	broker.errors.clear();
	await client.send("orders", to(1));
	t.equal(broker.lookedUp, 2, "after a refusal the leaders are looked up again");
});

t.test("brokers that live at an IPv6 address are spoken to, those heard of as well", async (t) => {
	const broker = await fakeKafka(t, "orders", 1, "::1");
	t.match(broker.address, /^\[::1\]:\d+$/);
	const client = await openAt(t, broker);
	await client.send("orders", to(0));
	t.same(broker.produced, [[0]]);
});

t.test("without key and partition, each batch goes to the next partition", async (t) => {
	const broker = await fakeKafka(t, "orders", 2);
	const client = await openAt(t, broker);
	const free = { key: null, value };
	for (let i = 0; i < 3; i++)
		await Promise.all([client.send("orders", free), client.send("orders", free)]);
	t.same(broker.produced, [[0], [1], [0]]);
});

t.test(
	"what was sent on a lost connection may have happened; the next is sent on another",
	async (t) => {
		const broker = await fakeKafka(t, "orders", 1);
		const client = await openAt(t, broker);
		await client.send("orders", to(0));
		broker.drops = true;
		const error = await client.send("orders", to(0)).catch((error: unknown) => error);
		t.match(outcome(error), { kind: "unknown" });
		broker.drops = false;
		await client.send("orders", to(0));
		t.equal(broker.produced.length, 2);
	},
);

t.test("where the connection is lost before a leader is known, nothing was sent", async (t) => {
	const broker = await fakeKafka(t, "orders", 1);
	const client = await openAt(t, broker);
	broker.dropsLookups = true;
	const error = await client.send("orders", to(0)).catch((error: unknown) => error);
	t.match(outcome(error), { kind: "fail" });
	t.same(broker.produced, []);
});

t.test("where no broker is, opening says where it was looked for", async (t) => {
	const at: Endpoint = { kind: "kafka", brokers: ["127.0.0.1:1"] };
	await t.rejects(kafka.open(at, { connections: 1, signal: new AbortController().signal }), {
		code: "FLT_COMPONENT_MISSING",
		message: /127\.0\.0\.1:1 can be made/,
	});
});

t.test("a topic that is not there is named, and nothing was sent: that is a failure", async (t) => {
	const broker = await fakeKafka(t, "orders", 1);
	broker.topicGone = true;
	const client = await openAt(t, broker);
	const error = await client.send("orders", to(0)).catch((error: unknown) => error);
	t.match(error, { message: /has no topic "orders"/ });
	t.same(outcome(error), { kind: "fail", code: "UNKNOWN_TOPIC_OR_PARTITION" });
	t.same(broker.produced, []);
});

t.test("a refusal names the broker, the partition, the topic and Kafka's reason", async (t) => {
	const broker = await fakeKafka(t, "orders", 1);
	const client = await openAt(t, broker);
	broker.errors.set(0, 29);
	await t.rejects(client.send("orders", to(0)), {
		message: `${broker.address} refuses messages to partition 0 of "orders": TOPIC_AUTHORIZATION_FAILED`,
	});
});

t.test(
	"where a listener closes at once or speaks TLS, opening says what it may want",
	async (t) => {
		const tlsAlert = Buffer.from("15030300020250", "hex");
		const cases = [
			[() => {}, /closed the connection at once: does it want SASL or TLS\?/],
			[(socket: net.Socket) => socket.write(tlsAlert), /speaks TLS: add \?tls=true/],
		] as const;
		for (const [answer, message] of cases) {
			const server = net.createServer((socket) => {
				socket.on("error", () => {});
				socket.once("data", () => {
					answer(socket);
					socket.end();
				});
			});
			server.listen(0, "127.0.0.1");
			await once(server, "listening");
			t.teardown(() => server.close());
			const { port } = server.address() as net.AddressInfo;
			const at: Endpoint = { kind: "kafka", brokers: [`127.0.0.1:${port}`] };
			await t.rejects(kafka.open(at, { connections: 1, signal: new AbortController().signal }), {
				code: "FLT_COMPONENT_MISSING",
				message,
			});
		}
	},
);

t.test(
	"a batch larger than its topic takes is sent again in parts, each message once",
	async (t) => {
		const broker = await fakeKafka(t, "orders", 1);
		const client = await openAt(t, broker);
		await client.send("orders", to(0));
		broker.batchBytesMax = batchOf("some value", "some value").length;
		await Promise.all(Array.from({ length: 7 }, () => client.send("orders", to(0))));
		t.ok(broker.produced.length > 4, "in several requests");
		const large = { ...to(0), value: Buffer.alloc(200) };
		const error = await client.send("orders", large).catch((error: unknown) => error);
		t.same(outcome(error), { kind: "fail", code: "MESSAGE_TOO_LARGE" });
		t.match(error, { message: new RegExp(`its max.message.bytes is ${broker.batchBytesMax}`) });
	},
);

const secret = "pass,word";
const scramServers = { "scram-sha-256": scramServer(256), "scram-sha-512": scramServer(512) };

t.test("who it is it proves by PLAIN and SCRAM before it asks for anything", async (t) => {
	const plain = () => (words: Buffer) =>
		words.toString() === `\0user\0${secret}` ? Buffer.alloc(0) : "no such user";
	const servers = { plain, ...scramServers };
	for (const mechanism of ["plain", "scram-sha-256", "scram-sha-512"] as const) {
		const broker = await fakeKafka(t, "orders", 1);
		broker.sasl = servers[mechanism]();
		const client = await openAt(t, broker, { mechanism, username: "user", password: secret });
		await client.send("orders", to(0));
		t.same(broker.produced, [[0]], mechanism);
		broker.sasl = servers[mechanism]();
		await t.rejects(openAt(t, broker, { mechanism, username: "user", password: "guess" }), {
			message: /refuses user "user" by (PLAIN|SCRAM-SHA-\d+): SASL_AUTHENTICATION_FAILED, no such/,
		});
	}
});

t.test("a broker that does not know the password itself is not believed", async (t) => {
	const broker = await fakeKafka(t, "orders", 1);
	const honest = scramServer(256)();
	broker.sasl = (words) => {
		const said = honest(words);
		const isLast = typeof said !== "string" && said.toString().startsWith("v=");
		return isLast ? Buffer.from(`v=${Buffer.alloc(32).toString("base64")}`) : said;
	};
	const sasl = { mechanism: "scram-sha-256", username: "user", password: secret } as const;
	await t.rejects(openAt(t, broker, sasl), { message: /does not know the password of "user"/ });
});

t.test("nor is one that proves nothing at the end, or does not go on from our nonce", async (t) => {
	const sasl = { mechanism: "scram-sha-256", username: "user", password: secret } as const;
	for (const [begin, instead, message] of [
		["v=", "", /does not know the password of "user"/],
		["v=", "e=other-error", /does not know the password of "user"/],
		["r=", "r=another,s=c2FsdA==,i=4096", /does not speak SCRAM as it should/],
		["r=", null, /does not speak SCRAM as it should/],
	] as const) {
		const broker = await fakeKafka(t, "orders", 1);
		const honest = scramServer(256)();
		broker.sasl = (words) => {
			const said = honest(words).toString();
			if (!said.startsWith(begin)) return Buffer.from(said);
			return Buffer.from(instead ?? said.replace("i=4096", "i=1000000"));
		};
		await t.rejects(openAt(t, broker, sasl), { message });
	}
});

t.test("a batch of two is sent again in parts too", async (t) => {
	const broker = await fakeKafka(t, "orders", 1);
	const client = await openAt(t, broker);
	await client.send("orders", to(0));
	broker.batchBytesMax = batchOf("some value").length;
	await Promise.all([client.send("orders", to(0)), client.send("orders", to(0))]);
	t.equal(broker.produced.length, 4);
});

t.test("what does not pass by waiting ends reading; a broker that is away does not", async (t) => {
	const forGood = ["TOPIC_AUTHORIZATION_FAILED", "SASL_AUTHENTICATION_FAILED", "UNREADABLE_BATCH"];
	for (const code of forGood) t.ok(isForGood(new KafkaError("x", code)), code);
	for (const code of ["LEADER_NOT_AVAILABLE", "UNKNOWN_TOPIC_OR_PARTITION", "OFFSET_OUT_OF_RANGE"])
		t.notOk(isForGood(new KafkaError("x", code)), code);
});

t.test("a user's name may have what SCRAM puts between its parts", async (t) => {
	const broker = await fakeKafka(t, "orders", 1);
	let first = "";
	broker.sasl = (words) => {
		first ||= words.toString();
		return "no such user";
	};
	const sasl = { mechanism: "scram-sha-512", username: "a,b=c", password: secret } as const;
	await t.rejects(openAt(t, broker, sasl), { message: /no such user/ });
	t.match(first, /^n,,n=a=2Cb=3Dc,r=/);
});

t.test("a topic that was not there is looked for again, and found once it is", async (t) => {
	const broker = await fakeKafka(t, "orders", 1);
	broker.topicGone = true;
	const client = await openAt(t, broker);
	await t.rejects(client.send("orders", to(0)), { message: /has no topic "orders"/ });
	broker.topicGone = false;
	await client.send("orders", to(0));
	t.same(broker.produced, [[0]]);
});

t.test("leaders are looked up again though another partition's batch was too large", async (t) => {
	const broker = await fakeKafka(t, "orders", 2);
	const client = await openAt(t, broker);
	await client.send("orders", to(0));
	broker.errors.set(0, 6).set(1, 10);
	await Promise.allSettled([0, 1].map((p) => client.send("orders", to(p))));
	broker.errors.clear();
	await client.send("orders", to(0));
	t.equal(broker.lookedUp, 2);
});

t.test("reading goes on after a broker's error, and gives each value once", async (t) => {
	const broker = await fakeKafka(t, "orders", 1);
	const client = await openAt(t, broker);
	broker.errors.set(0, 6);
	broker.log = batchOf("one", "two");
	const values: string[] = [];
	let onTwo = () => {};
	const two = new Promise<void>((resolve) => {
		onTwo = resolve;
	});
	await client.consume("orders", (value) => {
		values.push(value.toString());
		if (values.length === 2) onTwo();
	});
	while (broker.lookedUp < 3) await new Promise(setImmediate);
	t.same(values, []);
	broker.errors.clear();
	await two;
	// The broker goes on giving what begins before the offset that is asked for.
	const before = broker.lookedUp;
	await client.send("orders", to(0));
	t.same([values, broker.lookedUp], [["one", "two"], before]);
});

t.test("where what was to be read is removed, reading begins at the log's start", async (t) => {
	const broker = await fakeKafka(t, "orders", 1);
	const client = await openAt(t, broker);
	await client.consume("orders", () => {});
	while (broker.fetched.length < 2) await new Promise(setImmediate);
	t.equal(client.counters().read_restarts, 0);
	broker.logStart = 17n;
	while (broker.fetched.at(-1) !== 17n) await new Promise(setImmediate);
	t.equal(client.counters().read_restarts, 1);
});

t.test(
	"where the topic is deleted and made again, reading begins at its start, once",
	async (t) => {
		for (const [id, nextId] of [
			[Buffer.alloc(16, 1), Buffer.alloc(16, 2)],
			[null, null], // a broker that tells no ids
		] as const) {
			const broker = await fakeKafka(t, "orders", 1);
			broker.topicId = id;
			const client = await openAt(t, broker);
			await client.consume("orders", () => {});
			while (broker.fetched.length < 2) await new Promise(setImmediate);
			const before = broker.lookedUp;
			broker.errors.set(0, 3);
			broker.topicGone = true;
			while (broker.lookedUp < before + 2) await new Promise(setImmediate);
			t.equal(broker.askedForStart, 0, "not while it is away");
			broker.errors.clear();
			broker.topicGone = false;
			broker.topicId = nextId;
			const fetched = broker.fetched.length;
			while (broker.fetched.length < fetched + 3) await new Promise(setImmediate);
			t.same([broker.askedForStart, client.counters().read_restarts], [1, 1]);
		}
	},
);

t.test("that a broker has not heard of the topic yet does not make it another", async (t) => {
	const broker = await fakeKafka(t, "orders", 1);
	const client = await openAt(t, broker);
	await client.consume("orders", () => {});
	while (broker.fetched.length < 2) await new Promise(setImmediate);
	broker.errors.set(0, 3);
	const before = broker.lookedUp;
	while (broker.lookedUp < before + 2) await new Promise(setImmediate);
	broker.errors.clear();
	const fetched = broker.fetched.length;
	while (broker.fetched.length < fetched + 3) await new Promise(setImmediate);
	t.same([broker.askedForStart, client.counters().read_restarts], [0, 0]);
});

t.test("a topic that can't be read is no deadline: what is sent then says why", async (t) => {
	const notReadable = batchOf("one");
	notReadable.writeInt16BE(5, 21); // of no codec
	const oldFormat = batchOf("one");
	oldFormat[16] = 1;
	for (const [log, message] of [
		[notReadable, /codec 5 can't be read/],
		[oldFormat, /messages of format v1, from before Kafka 0\.11/],
		[null, /Fetch of "orders" by .*: TOPIC_AUTHORIZATION_FAILED/],
	] as const) {
		const broker = await fakeKafka(t, "orders", 2);
		const client = await openAt(t, broker);
		if (log === null) broker.errors.set(0, 29);
		else broker.log = log;
		await client.consume("orders", () => t.fail("it was read"));
		for (;;) {
			const error = await client.send("orders", to(1)).catch((error: unknown) => error);
			if (error === undefined) continue;
			t.match(error, { message });
			t.match(outcome(error), { kind: "fail" });
			break;
		}
	}
});

/** What a server says of SCRAM (RFC 5802), to a user with the password above. */
function scramServer(bits: 256 | 512): () => (words: Buffer) => Buffer | string {
	return () => {
		const hash = `sha${bits}`;
		const hmac = (key: Buffer, words: string) => createHmac(hash, key).update(words).digest();
		let first = "";
		return (words) => {
			const said = words.toString();
			if (said.startsWith("n,,")) {
				const bare = said.slice(3);
				const nonce = /r=(.*)$/.exec(bare)?.[1];
				first = `${bare},r=${nonce}more,s=${Buffer.from("salt").toString("base64")},i=4096`;
				return Buffer.from(first.slice(bare.length + 1));
			}
			const [withoutProof, proof = ""] = said.split(",p=");
			const salted = pbkdf2Sync(secret, "salt", 4096, bits / 8, hash);
			const all = `${first},${withoutProof}`;
			const stored = createHash(hash).update(hmac(salted, "Client Key")).digest();
			const signature = hmac(stored, all);
			const key = Buffer.from(proof, "base64").map((byte, i) => byte ^ signature[i]!);
			if (!createHash(hash).update(key).digest().equals(stored)) return "no such user";
			return Buffer.from(`v=${hmac(hmac(salted, "Server Key"), all).toString("base64")}`);
		};
	};
}

function batchOf(...values: string[]): Buffer {
	const records = values.map((value) => ({ key: null, value: Buffer.from(value) }));
	const out = Buffer.alloc(batchBytes(records));
	writeBatch(out, 0, records, 0);
	return out;
}
