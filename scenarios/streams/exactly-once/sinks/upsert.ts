import { Results } from "./postgres.ts";
import { committedOffset, isStranger, type Sink, type SinkOptions } from "./sink.ts";

/**
 * A sink that takes the same payment any number of times: a row is known by its place in the input, and is not written
 * again. What depends on earlier payments, such as a balance, is a view, so that there is no memory to be wrong. Offsets
 * are committed after the rows.
 */
export function upsert(options: SinkOptions): Promise<Sink> {
	return rowsThenOffsets(options, `on conflict (partition, "offset") do nothing`);
}

/** The naive twin: the same without knowing its rows again. */
export function insert(options: SinkOptions): Promise<Sink> {
	return rowsThenOffsets(options, "");
}

async function rowsThenOffsets(options: SinkOptions, onConflict: string): Promise<Sink> {
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
			await results.client.query(insertRows(onConflict), [JSON.stringify(payments), id]);
			await step("before-commit");
			await commitOffset();
			await step("after-commit");
		},
	};
}

function insertRows(onConflict: string): string {
	return `insert into received (partition, "offset", account, cents, attempt)
		select partition, "offset", account, cents, $2 from json_to_recordset($1)
			as payment (partition int, "offset" bigint, account text, cents bigint) ${onConflict}`;
}
