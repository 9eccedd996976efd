import { existsSync, readFileSync } from "node:fs";
import { type LeftStand, leftStandOf, type WrittenStand } from "./left-stand.ts";

/**
 * The last that was told of each partition, a line as `WorkRecord.java` writes it. A last line without its end was torn by
 * the death of its writer.
 */
export function readStands<Left>(path: string): LeftStand<Left>[] {
	if (!existsSync(path)) return [];
	const lines = readFileSync(path, "utf8").split("\n");
	lines.pop();
	const last = new Map<number, LeftStand<Left>>();
	for (const line of lines) {
		const stand = leftStandOf(JSON.parse(line) as WrittenStand<Left>);
		last.set(stand.partition, stand);
	}
	return [...last.values()];
}
