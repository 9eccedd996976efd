import { fileURLToPath } from "node:url";
import t from "tap";
import { paymentOf } from "../../../../../scenarios/streams/exactly-once/payments.ts";
import { post, type Taken } from "../../../../../scenarios/streams/exactly-once/posting.ts";
import { postingMessages } from "../../../../../scenarios/streams/exactly-once/sinks/posting-messages.ts";
import { jsonLinesOf, noPython, pythonEnv } from "../../../python.ts";

// The job of Spark's, without Spark, on the payments of a seed: held against the work of Node's.

const replay = fileURLToPath(new URL("replay_postings.py", import.meta.url));
const partition = 3;
const accounts = 20;

/** Payments of one partition, one of whose accounts has all that JSON escapes or does not, and what ends a state's kind. */
function paymentsOf(seed: number): (Taken & { n: number })[] {
	return Array.from({ length: 2_000 }, (_, n) => {
		const { account, cents } = paymentOf(seed, n, accounts);
		const name = account === "account-3" ? 'Zoë/"\\ \u2028\t\u007f😀' : account;
		return { n, partition, offset: 10 + n, account: name, cents };
	});
}

for (const [seed, batchCount, how] of [
	[1, 2_000, "in one batch"],
	[2, 77, "in batches, each of which begins with the state of the one before"],
] as const)
	t.test(
		`on Spark postings are byte for byte what they are in Node: ${how}`,
		{ skip: noPython },
		(t) => {
			const payments = paymentsOf(seed);
			const taken = payments.map(({ n, ...one }) => one);
			const { postings } = post(taken, () => undefined);
			const wanted = postingMessages(postings, "").map(({ key, value }) => [
				"postings",
				key,
				value,
			]);
			const found = jsonLinesOf(replay, {
				input: payments
					.map(({ n, offset, account, cents }) =>
						JSON.stringify([offset, JSON.stringify({ n, account, cents })]),
					)
					.join("\n"),
				env: {
					...pythonEnv("scenarios/streams/exactly-once/spark", "scenarios/subjects/streams/spark"),
					BATCH_COUNT: String(batchCount),
				},
			});
			t.equal(found.pop(), accounts, "one record of each account");
			t.same(found, wanted);
			t.end();
		},
	);
