import t from "tap";
import { partitionOfKey } from "../../../../load/wire/kafka-partitioner.ts";
import { resolveParams } from "../../../../scenarios/contract/params.ts";
import { allOverMs, closersOf } from "../../../../scenarios/streams/sliding-windows/closers.ts";
import { purchasesOf } from "../../../../scenarios/streams/sliding-windows/names.ts";
import type { P } from "../../../../scenarios/streams/sliding-windows/params.ts";
import { decode, encode } from "../../../../scenarios/streams/sliding-windows/purchase.ts";
import scenario from "../../../../scenarios/streams/sliding-windows/sliding-windows.scenario.ts";
import { lastEndMs, paneOf } from "../../../../scenarios/streams/sliding-windows/windows.ts";
import { readLog } from "../../../../scenarios/subjects/streams/input-log.ts";

const rules = {
	schema: JSON.parse(JSON.stringify(scenario.params)),
	sizes: JSON.parse(JSON.stringify(scenario.sizes)),
	guarded: true,
};
const p = resolveParams(rules, { size: "small", seed: 3 }).params as unknown as P;
const purchases = purchasesOf(p);
const count = 400;
const numbers = Array.from({ length: count }, (_, n) => n);
const messages = () =>
	numbers.map((n) => ({
		partition: purchases.partitionAt(n),
		value: encode({ ...purchases.at(n), n, sentAtMs: 5, phase: "steady" }),
	}));

t.test("a log as the seed makes it has every message, in the log's own order", (t) => {
	const closers = closersOf(p, purchases, count).map(({ value, partition }) => ({
		partition: partition!,
		value: Buffer.from(value),
	}));
	const { log, logged } = readLog([...messages(), ...closers], purchases, numbers);
	const none = { count: 0, first: [] };
	t.same(log, { count, strange: none, lost: none, doubled: none });
	t.same(
		logged,
		numbers.map((n) => ({ n, partition: purchases.partitionAt(n), event: purchases.at(n) })),
	);
	t.end();
});

t.test("what was acknowledged and is not there is lost, and the rest is not", (t) => {
	const { log, logged } = readLog(messages().slice(2), purchases, numbers.slice(1));
	t.match(log, { count: count - 2, lost: { count: 1, first: ["message 1"] } });
	t.equal(logged.length, count - 2);
	t.end();
});

t.test("a message that was changed, moved or is there twice is told", (t) => {
	const at = (n: number, change: (one: ReturnType<typeof messages>[number]) => object) =>
		messages().map((one, place) => (place === n ? { ...one, ...change(one) } : one));
	const rows = [
		at(7, ({ value }) => ({ value: encode({ ...decode(value), cents: 0 }) })),
		at(7, ({ value }) => ({ value: encode({ ...decode(value), receivedMs: 0 }) })),
		at(7, ({ partition }) => ({ partition: (partition + 1) % p.partitions })),
	];
	for (const row of rows)
		t.match(readLog(row, purchases, numbers).log, {
			strange: { count: 1, first: ["message 7"] },
			lost: { count: 0 },
		});
	t.match(readLog([...messages(), messages()[7]!], purchases, numbers).log, {
		count: count + 1,
		doubled: { count: 1, first: ["message 7"] },
	});
	t.end();
});

t.test("what ends a stream ends every window, on all partitions but the quiet one", (t) => {
	const ends = numbers.map((n) => lastEndMs(paneOf(purchases.at(n).atMs)));
	const overMs = allOverMs(p, purchases, count);
	t.ok(overMs > Math.max(...ends));
	const closers = closersOf(p, purchases, count);
	const told = closers.map(({ partition }) => partition!);
	t.same([...told, purchases.quietPartition].sort(), [...purchases.usedPartitions].sort());
	for (const { value } of closers) {
		const { atMs, receivedMs } = decode(Buffer.from(value));
		t.equal(atMs, receivedMs);
		t.equal(atMs - p.delayMsMax - p.skewMs, overMs, "also seen from the quiet partition");
	}
	t.equal(partitionOfKey(Buffer.from("user-0"), p.partitions), purchases.quietPartition);
	t.end();
});
