import { existsSync, readFileSync } from "node:fs";
import type { Stand } from "./stream-topics.ts";
import { noTimeYet } from "./watermark.ts";

/** How a partition stood when a checkpoint was committed, and what was left then. */
export interface FlinkStand<Left> extends Stand {
	left: Left;
}

/** A line, as `WorkRecord.java` writes it. */
type Line<Left> = Omit<FlinkStand<Left>, "watermarkMs"> & { watermarkMs: number | null };

/** The last that was told of each partition. A last line without its end was torn by the death of its writer. */
export function readStands<Left>(path: string): FlinkStand<Left>[] {
	if (!existsSync(path)) return [];
	const lines = readFileSync(path, "utf8").split("\n");
	lines.pop();
	const last = new Map<number, FlinkStand<Left>>();
	for (const line of lines) {
		const { watermarkMs, ...stand } = JSON.parse(line) as Line<Left>;
		last.set(stand.partition, { ...stand, watermarkMs: watermarkMs ?? noTimeYet });
	}
	return [...last.values()];
}
