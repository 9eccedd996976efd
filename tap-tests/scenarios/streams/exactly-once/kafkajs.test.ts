import { createRequire } from "node:module";
import t from "tap";

// What the sinks rest on, and stay away from, of the client's library. Where one of these changes, the sinks may too.
const require = createRequire(import.meta.url);

t.test(
	"it commits offsets into a transaction without the group's generation, which came with version 3",
	(t) => {
		const { versions } = require("kafkajs/src/protocol/requests/txnOffsetCommit");
		t.same(versions, ["0", "1"], "so a transactional id for each partition has to fence");
		t.end();
	},
);

t.test(
	"it asks for committed offsets without waiting for transactions, which came with version 7",
	(t) => {
		const { versions } = require("kafkajs/src/protocol/requests/offsetFetch");
		t.ok(Math.max(...versions.map(Number)) < 7, "so who takes over fences first, and asks then");
		t.end();
	},
);

t.test(
	"with read_committed it shows what was aborted where two transactions overlap in a partition",
	(t) => {
		const filter = require("kafkajs/src/consumer/filterAbortedMessages");
		const record = (offset: number, producerId: string) => ({
			offset: String(offset),
			key: Buffer.from("account"),
			batchContext: { producerId, inTransaction: true },
		});
		const messages = [record(0, "1"), record(1, "2")];
		// As the broker gives them: in the order in which they were aborted, and not in that in which they began.
		const abortedTransactions = [
			{ producerId: "2", firstOffset: "1" },
			{ producerId: "1", firstOffset: "0" },
		];
		t.same(
			filter({ messages, abortedTransactions }).map(({ offset }: { offset: string }) => offset),
			["0"],
			"so one producer alone writes to each partition of the results",
		);
		t.end();
	},
);
