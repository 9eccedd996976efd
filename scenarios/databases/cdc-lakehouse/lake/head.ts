import { randomUUID } from "node:crypto";
import { appId } from "../names.ts";
import { type Action, type CommitInfo, columnsIn, protocol, schemaString } from "./actions.ts";
import { type Shape, sameColumns } from "./columns.ts";
import type { TableState } from "./delta-log.ts";
import { offsetAppId, type Position } from "./position.ts";

/** What a table is by its log, beside its rows; null before its first commit. */
export function shapeIn({ metaData }: TableState): Shape | null {
	if (metaData === null) return null;
	return {
		columns: columnsIn(metaData.schemaString),
		key: JSON.parse(metaData.configuration["cdc.key"]!) as string[],
	};
}

/** Before its files, what a commit says of itself and of the table. */
export function headOf(
	state: TableState,
	shape: Shape,
	info: Omit<CommitInfo, "timestamp">,
	at: Position | null,
): Action[] {
	const actions: Action[] = [{ commitInfo: { timestamp: Date.now(), ...info } }];
	const known = shapeIn(state);
	if (known === null) actions.push({ protocol });
	if (known === null || !sameColumns(known.columns, shape.columns))
		actions.push({
			metaData: {
				id: state.metaData?.id ?? randomUUID(),
				format: { provider: "parquet", options: {} },
				schemaString: schemaString(shape.columns),
				partitionColumns: [],
				configuration: { "cdc.key": JSON.stringify(shape.key) },
			},
		});
	if (at !== null) actions.push({ txn: { appId, version: at.lsn } });
	if (at !== null && at.offset !== null)
		actions.push({ txn: { appId: offsetAppId, version: at.offset } });
	return actions;
}
