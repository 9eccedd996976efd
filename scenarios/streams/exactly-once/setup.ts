import { readFileSync } from "node:fs";
import { makeTopic } from "faultline";
import type { Admin } from "kafkajs";
import { topicsOf } from "./names.ts";

/** Makes the topics of the experiment; that of the balances is compacted, for of each account the last one counts. */
export async function makeTopics(admin: Admin, prefix: string, partitions: number): Promise<void> {
	const { payments, postings, balances } = topicsOf(prefix);
	const compacted = [{ name: "cleanup.policy", value: "compact" }];
	await Promise.all([
		makeTopic(admin, { topic: payments, numPartitions: partitions }),
		makeTopic(admin, { topic: postings, numPartitions: partitions }),
		makeTopic(admin, { topic: balances, numPartitions: partitions, configEntries: compacted }),
	]);
}

/** The tables of the results. By its key a row of `upsert` is known again; its naive twin has none. */
export function tablesSql(guard: "on" | "off"): string {
	const key = `alter table received add primary key (partition, "offset");`;
	const tables = readFileSync(new URL("./tables.sql", import.meta.url), "utf8");
	return guard === "on" ? tables + key : tables;
}
