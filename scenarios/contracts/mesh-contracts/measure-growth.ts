import { fitGrowth, medianOf } from "faultline";
import { connectPostgres, variable } from "faultline/subject";
import { Scratch } from "../../subjects/gate/scratch.ts";
import { Asking, type Datasets } from "./gate/asking.ts";
import { readTest } from "./gate/consumer-test.ts";
import { filesOf } from "./mesh/files.ts";
import { firstMesh } from "./mesh/first-mesh.ts";
import { consumerNames } from "./mesh/mesh.ts";
import { publishedOf } from "./oracle/broken.ts";

// How the time of a check grows with those who read, and with the rows that they read: `SCRATCH_URL=postgres://… node
// measure-growth.ts`.

/** So many consumers' queries, and so many orders for each of the first 24. */
export interface Size {
	queries: number;
	times: number;
}

/** Milliseconds that it takes to ask all tests, in the middle. */
export async function measure(
	scratch: Pick<Scratch, "within">,
	{ queries, times }: Size,
	checks = 9,
): Promise<number> {
	const asking = new Asking(scratch, 60_000);
	const datasets = datasetsOf(times);
	const tests = firstTests();
	const all = Array.from({ length: queries }, (_, n) => ({
		...tests[n % tests.length]!,
		query: `query_${n}`,
	}));
	const took: number[] = [];
	for (let n = 0; n < checks; n++) {
		const fromMs = performance.now();
		const found = await asking.findings(datasets, all);
		if (found.length > 0) throw new Error(`what holds has ${found.length} findings`);
		took.push(performance.now() - fromMs);
	}
	return medianOf(took)!;
}

const keys: Record<string, string[]> = {
	"sales.orders_v1": ["order_id"],
	"sales.items_v1": ["order_id", "line_no"],
	"crm.customers_v1": ["customer_id"],
};

/** What is published at first, with each order and what belongs to it so many times, under numbers of its own. */
function datasetsOf(times: number): Datasets {
	const again = (row: Record<string, unknown>, n: number) => ({
		...row,
		...(typeof row.order_id === "number" ? { order_id: row.order_id + 1_000 * n } : {}),
	});
	return new Map(
		Object.entries(publishedOf(firstMesh(1))).map(([name, { columns, rows }]) => {
			const some = name.startsWith("sales.") ? times : 1;
			const all = Array.from({ length: some }, (_, n) => rows.map((row) => again(row, n))).flat();
			return [name, { name, columns: [...columns], key: keys[name]!, rows: JSON.stringify(all) }];
		}),
	);
}

function firstTests() {
	return consumerNames.flatMap((consumer) =>
		Object.entries(filesOf(firstMesh(1), consumer)).flatMap(([path, text]) => {
			const query = /^tests\/(.*)\.yaml$/.exec(path)?.[1];
			const read = query === undefined ? null : readTest(consumer, query, text);
			return read !== null && "test" in read ? [read.test] : [];
		}),
	);
}

if (import.meta.main) {
	const scratch = new Scratch(() => connectPostgres(variable("SCRATCH_URL")), 60_000);
	await measure(scratch, { queries: 3, times: 1 });
	for (const [what, sizes] of [
		["queries", [3, 12, 48, 192].map((queries) => ({ queries, times: 1 }))],
		["orders", [1, 10, 100, 1_000].map((times) => ({ queries: 3, times }))],
	] as const) {
		const measured: { size: number; value: number }[] = [];
		for (const size of sizes)
			measured.push({
				size: what === "queries" ? size.queries : 24 * size.times,
				value: await measure(scratch, size),
			});
		for (const { size, value } of measured)
			console.log(`${size} ${what}: ${value.toFixed(1)} ms a check`);
		console.log(`~ ${what}^${fitGrowth(measured)!.exponent.toFixed(2)}`);
	}
	await scratch.close();
}
