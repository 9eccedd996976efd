import { isDeepStrictEqual } from "node:util";
import t from "tap";
import { pause } from "../../../../base/clock.ts";
import type { RecordSchema } from "../../../../scenarios/contracts/schema-evolution/avro.ts";
import { readerOf, written } from "../../../../scenarios/contracts/schema-evolution/codec.ts";
import { firstSchema } from "../../../../scenarios/contracts/schema-evolution/first-schema.ts";
import { framed, unframed } from "../../../../scenarios/contracts/schema-evolution/framing.ts";
import { messagesOf } from "../../../../scenarios/contracts/schema-evolution/messages.ts";
import { problemsOf } from "../../../../scenarios/contracts/schema-evolution/oracle/can-read.ts";
import { projected } from "../../../../scenarios/contracts/schema-evolution/oracle/projected.ts";
import { difference, readAll } from "../../../../scenarios/contracts/schema-evolution/readings.ts";
import type { Entry } from "../../../../scenarios/contracts/schema-evolution/registered.ts";
import {
	drawnValue,
	eventId,
	eventNumber,
} from "../../../../scenarios/contracts/schema-evolution/values.ts";
import { eventMessage, Writer } from "../../../../scenarios/contracts/schema-evolution/writer.ts";
import { chanceOf } from "../../../../scenarios/subjects/streams/chance.ts";
import { entriesOf, none, ruleOf, topicOf } from "./accepted.ts";

const seed = 5;

t.test("a value that is written and read by its own schema is the same", (t) => {
	for (const { schema } of entriesOf(seed, 48))
		for (const n of [1, 2, 3]) {
			const value = drawnValue(schema, n, chanceOf(seed, n));
			t.same(readerOf(schema, schema)(written(schema, value)), value);
		}
	t.end();
});

t.test(
	"the library reads with every schema that can what the oracle works out without any bytes",
	(t) => {
		const entries = entriesOf(seed, 72, true);
		let readings = 0;
		for (const [n, writer] of entries.entries())
			for (const reader of entries) {
				if ((n + reader.id) % 5 > 0 || problemsOf(reader.schema, writer.schema).length > 0)
					continue;
				readings++;
				const value = drawnValue(writer.schema, n, chanceOf(seed, n));
				const got = readerOf(reader.schema, writer.schema)(written(writer.schema, value));
				const wanted = projected(value, writer.schema, reader.schema);
				if (!isDeepStrictEqual(got, wanted))
					t.same(got, wanted, `${writer.id} read by ${reader.id}`);
			}
		t.ok(readings > 150, `${readings} readings`);
		t.end();
	},
);

const readTopic = (topic: readonly Buffer[], entries: readonly Entry[]) =>
	readAll(messagesOf(topic, entries), entries, ruleOf, seed);

t.test("all that was accepted is read by all to whom it is promised", async (t) => {
	const entries = entriesOf(seed, 72);
	const { readings, seen } = await readTopic(topicOf(seed, entries, 300), entries);
	t.match(readings, { written: 300, unreadable: none, corrupted: none, unregistered: none });
	t.ok(readings.readings > 700 && readings.pairs > 80);
	t.equal(seen.size, 300);
});

t.test("what is wrong with a topic is told by what it is", async (t) => {
	const entries = entriesOf(seed, 60, true);
	const naive = (await readTopic(topicOf(seed, entries, 600), entries)).readings;
	t.ok(naive.unreadable.count > 0, "with what should have been refused somebody can't read");
	const [first] = entries;
	const strange = framed(999, written(firstSchema, drawnValue(firstSchema, 1, chanceOf(seed, 1))));
	t.match((await readTopic([strange, Buffer.from("x")], entries)).readings.unregistered, {
		count: 2,
		first: ["message 1 by schema 999", "message 2 by schema 0"],
	});
	const other = eventMessage(first!, 7, seed + 100);
	t.match((await readTopic([other], [first!])).readings.corrupted, {
		count: 1,
		first: [/^event 7 of orders-backward, written by version 1 and read by 1: customer is/],
	});
	const torn = framed(first!.id, Buffer.from([4]));
	t.match((await readTopic([torn], entries)).readings.unreadable, {
		count: 1,
		first: ["message 1 by its own schema 1"],
	});
	const twice = [eventMessage(first!, 7, seed), eventMessage(first!, 7, seed)];
	t.same([...(await readTopic(twice, entries)).seen], [[7, 2]]);
});

t.test("a value that changed its meaning on the way is found, though it can be read", (t) => {
	const [first] = entriesOf(seed, 0);
	const micros: RecordSchema = structuredClone(firstSchema);
	const field = micros.fields.find(({ name }) => name === "placed_at")!;
	field.type = { type: "long", logicalType: "timestamp-micros" };
	t.same(problemsOf(micros, firstSchema), [
		{ place: ["Order", "placed_at"], rule: "meaning-differs" },
	]);
	t.ok(readerOf(micros, first!.schema), "the library would read it");
	t.end();
});

t.test("the first difference of two values is named by its place", (t) => {
	t.equal(difference({ a: 1, b: { c: 2 } }, { a: 1, b: { c: 3 } }), "b.c is 2 and should be 3");
	t.equal(difference(1, 2), "the value is 1 and should be 2");
	t.end();
});

t.test("a message says which schema it was written with", (t) => {
	t.same(unframed(framed(70_000, Buffer.from("v"))), { id: 70_000, value: Buffer.from("v") });
	for (const other of [Buffer.alloc(0), Buffer.from("\u0001abcd")]) t.equal(unframed(other), null);
	t.equal(eventNumber(eventId(12)), 12);
	t.ok(Number.isNaN(eventNumber("order-1")));
	t.end();
});

t.test(
	"a writer goes on with what it knows while the registry is away, and learns what is new",
	async (t) => {
		const entries = entriesOf(seed, 30);
		const { signal } = new AbortController();
		let nowMs = 0;
		let away = false;
		const asked: number[] = [];
		const ask = async (after: number) => {
			asked.push(after);
			if (away) throw new Error("away");
			return entries.filter(({ id }) => id > after && id <= 6 + nowMs);
		};
		const writer = new Writer(seed, 10, ask, () => nowMs);
		const ids = async (from: number) => {
			const all: number[] = [];
			for (let n = from; n < from + 200; n++) all.push(unframed(await writer.event(n, signal))!.id);
			return Math.max(...all);
		};
		t.equal(await ids(0), 6, "the first ones, once they are known");
		away = true;
		nowMs = 10;
		t.equal(await ids(200), 6);
		away = false;
		nowMs = 20;
		await ids(400);
		t.ok((await ids(600)) > 6, "versions that came meanwhile");
		t.same(asked.slice(0, 3), [0, 6, 6]);
	},
);

t.test("a writer that knows no schema asks now and then, until nobody waits for it", async (t) => {
	const gone = new AbortController();
	let asked = 0;
	const ask = async () => {
		asked++;
		throw new Error("away");
	};
	const writer = new Writer(seed, 20, ask, () => performance.now());
	const writing = writer.event(1, gone.signal);
	while (asked < 3) await pause(5);
	gone.abort();
	await t.rejects(writing, { code: "no_schema" });
	t.ok(asked < 10, `${asked} times, and not as fast as can be`);
});
