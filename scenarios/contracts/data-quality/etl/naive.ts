import { saleColumns, stagingTable } from "./tables.ts";
import { deliveryOf, type Ports, type Reach, stageBatch, type Taken } from "./take-batch.ts";
import { errorText } from "./verdict.ts";

/**
 * The twin: it loads first, and has what it has loaded validated later. What was found wrong is written down, when readers
 * have seen it. Nothing says that a batch was taken before.
 */
export async function takeBatchNaively(
	batch: number,
	{ source, target, validate }: Ports,
	reach: Reach = async () => {},
): Promise<Taken> {
	const delivery = await deliveryOf(source, batch);
	if (delivery === null) return { kind: "none", reason: `nobody has handed batch ${batch} over` };
	const table = stagingTable(batch, 0);
	await stageBatch(source, target, batch, table);
	await reach("staged");
	const copy = `(batch, ${saleColumns}) select $1, ${saleColumns} from staging.${table}`;
	await target(`insert into warehouse.sales ${copy}`, [batch]);
	await reach("decided");
	const verdict = await validate({ batch, table, ...delivery });
	await reach("validated");
	if (verdict.kind === "none") return verdict;
	if (verdict.kind === "blocked") {
		const { findings, page } = verdict;
		await target("insert into quarantine.batches values ($1, $2, $3) on conflict do nothing", [
			batch,
			errorText(findings),
			page,
		]);
	}
	await target(`drop table staging.${table}`);
	await reach("committed");
	return { kind: "loaded", again: false, ms: null };
}
