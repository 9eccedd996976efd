import { mkdirSync, writeFileSync } from "node:fs";
import { objectId } from "./content.ts";
import { traceOf } from "./trace.ts";

// The sample data that `move.ts` moves: a few objects, and when they were read. `node sample.ts` writes `sample/` again.

const spec = { seed: 1, objects: 30, days: 180 };

/** File name → content, under `sample/`. Objects are those that are never overwritten: a list of files has no versions. */
export function sampleFiles(): Record<string, string> {
	const lives = traceOf(spec).lives.filter(({ version, ends }) => version === 1 && !ends);
	const objects = lives.map(
		({ object, sizeBytes, bornDay }) => `${objectId(object)},${sizeBytes},${bornDay}`,
	);
	const accesses = lives.flatMap(({ object, reads }) =>
		reads.map(([day, count]) => `${objectId(object)},${day},${count}`),
	);
	return {
		"objects.csv": ["name,size_bytes,born_day", ...objects, ""].join("\n"),
		"accesses.csv": ["name,day,reads", ...accesses, ""].join("\n"),
	};
}

if (import.meta.main) {
	const folder = new URL("sample/", import.meta.url);
	mkdirSync(folder, { recursive: true });
	for (const [name, content] of Object.entries(sampleFiles()))
		writeFileSync(new URL(name, folder), content);
}
