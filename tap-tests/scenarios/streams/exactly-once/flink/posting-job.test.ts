import t from "tap";
import { paymentOf } from "../../../../../scenarios/streams/exactly-once/payments.ts";
import { post, type Taken } from "../../../../../scenarios/streams/exactly-once/posting.ts";
import { postingMessages } from "../../../../../scenarios/streams/exactly-once/sinks/posting-messages.ts";
import { flinkRun, replayed, skip } from "../../../subjects/streams/flink/replay.ts";

// The job of Flink's in Flink's state, without a cluster, on the payments of a seed: held against the work of Node's.

const replay = flinkRun(
	"tap-tests/scenarios/streams/exactly-once/flink/ReplayPostings.java",
	"scenarios/streams/exactly-once/flink",
);
const [beginsCheckpoint, isRestored] = ["null", "[]"];
const partition = 3;
const accounts = 20;

/** Payments of one partition, one of whose accounts has all that JSON escapes or does not. */
function paymentsOf(seed: number): (Taken & { n: number })[] {
	return Array.from({ length: 2_000 }, (_, n) => {
		const { account, cents } = paymentOf(seed, n, accounts);
		const name = account === "account-3" ? 'Zoë/"\\ \u2028\t' : account;
		return { n, partition, offset: 10 + n, account: name, cents };
	});
}

t.setTimeout(120_000);
for (const [seed, restored, how] of [
	[1, false, "as they come"],
	[
		2,
		true,
		"gone on with from checkpoints, each of which was overtaken by payments that it has not",
	],
] as const)
	t.test(`on Flink postings are byte for byte what they are in Node: ${how}`, { skip }, (t) => {
		const payments = paymentsOf(seed);
		const { postings } = post(
			payments.map(({ offset, account, cents }) => ({ partition, offset, account, cents })),
			() => undefined,
		);
		const wanted = postingMessages(postings, "").map(({ key, value }) =>
			JSON.stringify(["postings", key, value]),
		);
		const lineOf = ({ n, offset, account, cents }: (typeof payments)[number]) =>
			JSON.stringify([offset, JSON.stringify({ n, account, cents })]);
		const lines = payments.flatMap((payment, i) => {
			if (!restored || i % 400 !== 399) return [lineOf(payment)];
			const lost = payments.slice(i + 1, i + 31).map(lineOf);
			return [lineOf(payment), beginsCheckpoint, ...lost, isRestored];
		});
		const found = replayed(t, replay, lines);
		t.equal(found.pop(), String(accounts), "one record of each account");
		// What was lost with its state is given again.
		const given = found.filter((line, i) => !restored || !found.slice(i + 1).includes(line));
		t.equal(found.length - given.length, restored ? 4 * 30 : 0);
		t.same(given, wanted);
		t.end();
	});
