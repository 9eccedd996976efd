import { post } from "../posting.ts";
import { Results } from "./postgres.ts";
import type { Sink, SinkOptions } from "./sink.ts";

/** The position of the partition is another than the one that this work begins at: somebody else has done it. */
class Fenced extends Error {}

/** What Postgres says to who stood still in a transaction for too long. */
const timedOut = "25P03";

/**
 * Postings, balances and the position in the input go into one transaction of Postgres. Its first statement moves the
 * position on from where this work begins: whoever was left behind finds it elsewhere, and is fenced.
 */
export async function postgresTransaction(options: SinkOptions): Promise<Sink> {
	const results = new Results(options.databaseUrl, options.idleTimeoutMs);

	return {
		atomic: true,
		isFencing: (error) =>
			error instanceof Fenced ||
			(error instanceof Error && "code" in error && error.code === timedOut),

		close: () => results.close(),

		async take(partition) {
			const client = await results.open();
			await client.query("insert into positions values ($1, 0) on conflict do nothing", [
				partition,
			]);
			const { rows } = await client.query("select next from positions where partition = $1", [
				partition,
			]);
			return Number(rows[0].next);
		},

		async write({ id, partition, payments, next, step, commitOffset }) {
			await step("before-write");
			await results.transaction(async (client) => {
				const { rowCount } = await client.query(
					"update positions set next = $3 where partition = $1 and next = $2",
					[partition, payments[0]!.offset, next],
				);
				if (rowCount !== 1)
					throw new Fenced(`partition ${partition} is not at ${payments[0]!.offset}`);
				const before = await results.balancesOf(payments.map(({ account }) => account));
				const { postings, balances } = post(payments, (account) => before.get(account));
				await results.insert(postings, id);
				await results.setBalances(balances);
				await step("before-commit");
			});
			await step("after-commit");
			// For those who look at the group's lag; nothing begins here.
			await commitOffset();
		},
	};
}
