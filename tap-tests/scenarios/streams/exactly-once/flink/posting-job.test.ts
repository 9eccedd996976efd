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
const [beginsCheckpoint, isRestored, isOver] = ["null", "[]", "{}"];
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

const known: [seed: number, restored: boolean, how: string][] = [
	[1, false, "as they come"],
	[
		2,
		true,
		"gone on with from checkpoints, each of which was overtaken by payments that it has not",
	],
];

function linesOf(seed: number, restored: boolean): string[] {
	const payments = paymentsOf(seed);
	const lineOf = ({ n, offset, account, cents }: (typeof payments)[number]) =>
		JSON.stringify([offset, JSON.stringify({ n, account, cents })]);
	return payments.flatMap((payment, i) => {
		if (!restored || i % 400 !== 399) return [lineOf(payment)];
		const lost = payments.slice(i + 1, i + 31).map(lineOf);
		return [lineOf(payment), beginsCheckpoint, ...lost, isRestored];
	});
}

t.setTimeout(120_000);
t.test("on Flink postings are byte for byte what they are in Node", { skip }, (t) => {
	// One after the other: a JVM takes longer to start than both take.
	const said = replayed(
		t,
		replay,
		known.flatMap(([seed, restored]) => [...linesOf(seed, restored), isOver]),
	);
	for (const [seed, restored, how] of known) {
		const payments = paymentsOf(seed).map(({ n, ...taken }) => taken);
		const { postings } = post(payments, () => undefined);
		const wanted = postingMessages(postings, "").map(({ key, value }) =>
			JSON.stringify(["postings", key, value]),
		);
		const found = said.splice(0, said.indexOf(String(accounts)) + 1);
		t.equal(found.pop(), String(accounts), `${how}: one record of each account`);
		// What was lost with its state is given again.
		const given = found.filter((line, i) => !restored || !found.slice(i + 1).includes(line));
		t.equal(found.length - given.length, restored ? 4 * 30 : 0, how);
		t.same(given, wanted, how);
	}
	t.same(said, []);
	t.end();
});
