import t from "tap";
import { Inbox } from "../../../../scenarios/databases/cdc-lakehouse/capture/inbox.ts";
import type { Transaction } from "../../../../scenarios/databases/cdc-lakehouse/capture/transaction.ts";
import { randomSource } from "./random-source.ts";

// Whoever waits here waits longer than the test has time.
const longMs = 3_600_000;
const { shape } = randomSource(1, 1);

function transaction(endLsn: number, changeCount: number): Transaction {
	const changes = Array.from({ length: changeCount }, () => ({
		table: "orders",
		shape,
		change: { kind: "delete", key: "1" } as const,
	}));
	return { endLsn, offset: null, committedMs: 0, changes };
}

const endsOf = (batch: { transactions: Transaction[] } | null) =>
	batch?.transactions.map(({ endLsn }) => endLsn);

t.test("what is worth a version of its own waits for nothing", async (t) => {
	const inbox = new Inbox(100, longMs);
	t.equal(inbox.isPressed, false);
	void inbox.put(transaction(1, 5));
	t.equal(inbox.isPressed, true);
	t.same(endsOf(await inbox.take(0)), [1]);
	t.equal(inbox.isPressed, false);
});

t.test("little waits for more, until it is worth a version together", async (t) => {
	const inbox = new Inbox(100, longMs);
	void inbox.put(transaction(1, 1));
	const taking = inbox.take(0);
	void inbox.put(transaction(2, 3));
	void inbox.put(transaction(3, 1));
	t.same(endsOf(await taking), [1, 2, 3]);
	void inbox.put(transaction(4, 1));
	const next = inbox.take(0);
	t.equal(await Promise.race([next.then(() => "taken"), "waits"]), "waits", "each time anew");
	void inbox.put(transaction(5, 9));
	t.same(endsOf(await next), [4, 5]);
});

t.test("a batch grows with what has come, up to the largest", async (t) => {
	const inbox = new Inbox(100, longMs);
	for (let lsn = 1; lsn <= 9; lsn++) void inbox.put(transaction(lsn, 20));
	t.same(endsOf(await inbox.take(0)), [1, 2, 3, 4, 5]);
	t.same(endsOf(await inbox.take(0)), [6, 7, 8, 9], "and what is left is pressing still");
});

t.test("a sender waits while too many changes do", async (t) => {
	const inbox = new Inbox(10, 0);
	let hasRoom = false;
	const putting = inbox.put(transaction(1, 21)).then(() => {
		hasRoom = true;
	});
	await Promise.resolve();
	t.equal(hasRoom, false);
	await inbox.take(0);
	await putting;
	t.equal(hasRoom, true);
});

t.test("who has something else to be done is not kept waiting", async (t) => {
	const inbox = new Inbox(10, 0);
	const taking = inbox.take(0);
	inbox.wake();
	t.equal(await taking, null);
});
