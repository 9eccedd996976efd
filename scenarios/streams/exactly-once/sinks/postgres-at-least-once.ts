import { post } from "../posting.ts";
import { Results } from "./postgres.ts";
import { committedOffset, isStranger, type Sink, type SinkOptions } from "./sink.ts";

/** The naive twin of `postgres-transaction`: the results in one transaction, the offsets in Kafka after it. */
export async function postgresAtLeastOnce(options: SinkOptions): Promise<Sink> {
	const results = new Results(options.databaseUrl, options.idleTimeoutMs);

	return {
		atomic: false,
		isFencing: isStranger,

		close: () => results.close(),

		async take(partition) {
			await results.open();
			return committedOffset(options, partition);
		},

		async write({ id, payments, step, commitOffset }) {
			await step("before-write");
			await results.transaction(async () => {
				const before = await results.balancesOf(payments.map(({ account }) => account));
				const { postings, balances } = post(payments, (account) => before.get(account));
				await results.insert(postings, id);
				await results.setBalances(balances);
			});
			await step("before-commit");
			await commitOffset();
			await step("after-commit");
		},
	};
}
