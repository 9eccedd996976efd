import t from "tap";
import { BatchTooLarge, KafkaClient, type KafkaMessage } from "../../load/kafka-client.ts";
import { repeatMessage } from "../../load/kafka-repeat.ts";

const largest = (bytes: number): KafkaMessage => ({ key: null, value: Buffer.alloc(bytes) });
const message = (n: number): KafkaMessage => ({ key: null, value: Buffer.from(String(n)) });
const turn = () => new Promise(setImmediate);

/** A client whose requests come back when they are told to. */
function clientOf(requestsMax = 4) {
	const requests: { topic: string; values: string[]; end: (error?: Error) => void }[] = [];
	const client = new KafkaClient({
		requestsMax,
		restarts: 0,
		send: (topic, messages) =>
			new Promise((resolve, reject) => {
				const values = messages.map(({ value }) => value.toString());
				requests.push({ topic, values, end: (error) => (error ? reject(error) : resolve(null)) });
			}),
		consume: async () => {},
		close: async () => {},
	});
	return { client, requests };
}

t.test("a topic's first request goes alone, and no later one overtakes it", async (t) => {
	const { client, requests } = clientOf();
	const sent: Promise<void>[] = [];
	for (let n = 0; n < 3; n++) {
		sent.push(client.send("orders", message(n)));
		await turn();
	}
	t.same(
		requests.map(({ values }) => values),
		[["0"]],
	);
	client.send("returns", message(9)).catch(() => {});
	await turn();
	t.equal(requests.length, 2, "another topic does not wait for it");

	requests[0]!.end();
	await turn();
	t.same(requests[2]?.values, ["1", "2"], "what waited goes together, in its order");
	for (let n = 3; n < 6; n++) {
		sent.push(client.send("orders", message(n)));
		await turn();
	}
	t.same(
		requests.slice(3).map(({ values }) => values),
		[["3"], ["4"]],
		"then there are up to four on their way",
	);
	requests[2]!.end();
	await turn();
	t.same(requests[5]?.values, ["5"]);
	for (const { end } of requests.slice(3)) end();
	await Promise.all(sent);
	t.equal(client.attempts, 7);
});

t.test("a library that keeps no order between requests has one on its way", async (t) => {
	const { client, requests } = clientOf(1);
	const sent: Promise<void>[] = [];
	for (let n = 0; n < 4; n++) {
		sent.push(client.send("orders", message(n)));
		await turn();
	}
	t.equal(requests.length, 1);
	requests[0]!.end();
	await turn();
	t.same(
		requests.map(({ values }) => values),
		[["0"], ["1", "2", "3"]],
	);
	requests[1]!.end();
	await Promise.all(sent);
});

t.test("a first request that failed is no first one: the next goes alone as well", async (t) => {
	const { client, requests } = clientOf();
	const first = client.send("orders", message(0));
	await turn();
	requests[0]!.end(new Error("no such topic"));
	await t.rejects(first, { message: "no such topic" });
	const later: Promise<void>[] = [];
	for (let n = 1; n < 3; n++) {
		later.push(client.send("orders", message(n)));
		await turn();
	}
	t.equal(requests.length, 2);
	requests[1]!.end();
	await turn();
	requests[2]!.end();
	await Promise.all(later);
});

t.test("a request leaves a turn for what is due meanwhile before the next one goes", async (t) => {
	const { client, requests } = clientOf();
	const first = client.send("orders", message(0));
	await turn();
	requests[0]!.end();
	await first;
	const sent = Array.from({ length: 1_250 }, (_, n) => client.send("orders", message(n)));
	const went: number[] = [];
	for (let i = 0; i < 4; i++) {
		await turn();
		went.push(requests.length - 1);
	}
	t.same(went, [1, 2, 3, 3]);
	t.same(
		requests.slice(1).map(({ values }) => values.length),
		[500, 500, 250],
	);
	for (const { end } of requests.slice(1)) end();
	await Promise.all(sent);
});

t.test(
	"a request is no larger than brokers take by default; a larger message goes alone",
	async (t) => {
		const { client, requests } = clientOf();
		const first = client.send("orders", message(0));
		await turn();
		requests[0]!.end();
		await first;
		const sent = [400_000, 400_000, 400_000, 2_000_000, 1].map((bytes) =>
			client.send("orders", largest(bytes)),
		);
		for (let i = 0; i < 5; i++) await turn();
		t.same(
			requests.slice(1).map(({ values }) => values.map(({ length }) => length)),
			[[400_000, 400_000], [400_000], [2_000_000], [1]],
		);
		for (const { end } of requests.slice(1)) end();
		await Promise.all(sent);
	},
);

t.test("what was too large goes again in parts, in its order, and is told of once", async (t) => {
	const { client, requests } = clientOf(2);
	const known = client.send("orders", message(0));
	await turn();
	requests[0]!.end();
	await known;
	const ended: number[] = [];
	for (let n = 0; n < 1_200; n++)
		client.send("orders", message(n)).then(
			() => ended.push(n),
			() => t.fail(`${n} failed`),
		);
	await turn();
	await turn();
	t.same(
		requests.slice(1).map(({ values }) => values.length),
		[500, 500],
	);
	const tooLarge = new BatchTooLarge("orders");
	requests[1]!.end(tooLarge);
	for (let i = 0; i < 3; i++) await turn();
	t.equal(requests.length, 3, "nothing overtakes those that are on their way");
	requests[2]!.end(tooLarge);
	for (let i = 0; i < 8; i++) await turn();
	let next = 0;
	for (let at = 3; at < requests.length; at++) {
		const { values, end } = requests[at]!;
		t.ok(values.length < 300, "less than was refused");
		t.same(
			values,
			values.map((_, i) => `${next + i}`),
		);
		next += values.length;
		end();
		for (let i = 0; i < 4; i++) await turn();
	}
	t.equal(next, 1_200);
	t.same(
		ended,
		ended.map((_, n) => n),
	);
	t.equal(ended.length, 1_200);
});

t.test("answers that come at once are told one a turn, in their order", async (t) => {
	const { client, requests } = clientOf();
	const first = client.send("orders", message(0));
	await turn();
	requests[0]!.end();
	await first;
	const told: number[] = [];
	for (let n = 1; n <= 3; n++) {
		void client.send("orders", message(n)).then(() => told.push(n));
		await turn();
	}
	for (const { end } of requests.slice(1)) end();
	const seen: number[] = [];
	while (told.length < 3) {
		await turn();
		seen.push(told.length);
	}
	t.same(told, [1, 2, 3]);
	const atOnce = seen.map((count, i) => count - (seen[i - 1] ?? 0));
	t.equal(Math.max(...atOnce), 1, "never two in a turn");
});

t.test(
	"a topic that can't be consumed is no mistake of the program: it says what to do",
	async (t) => {
		const client = new KafkaClient({
			requestsMax: 1,
			restarts: 0,
			send: async () => null,
			close: async () => {},
			consume: () => Promise.reject(new Error('b:9092 has no topic "orders"')),
		});
		const repeat = {
			kind: "kafka",
			topic: "orders",
			valueBytes: 24,
			key: null,
			consume: true,
		} as const;
		await t.rejects(repeatMessage(client, repeat, 1), {
			code: "FLT_COMPONENT_MISSING",
			message: 'topic "orders" can\'t be consumed: b:9092 has no topic "orders"',
		});
	},
);
