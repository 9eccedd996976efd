import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fitGrowth } from "faultline";
import { actionsOf } from "./actions.ts";
import { compare, outcomeNamed } from "./comparison.ts";
import { contentOf, objectId } from "./content.ts";
import { filesStore } from "./files-store.ts";
import { Mover } from "./mover.ts";
import { optimum } from "./optimum.ts";
import { PointerLog } from "./pointer-log.ts";
import { placedBy } from "./policies.ts";
import { readPrices } from "./prices.ts";
import { traceOf } from "./trace.ts";

// How cost and time grow with the objects: `node measure-growth.ts`. Times are the processor's, which others that use the
// machine change little; the least of three, but for what can be done once.

const sizes = [300, 1_000, 3_000];
const days = 180;
const movesAtOnce = 16;
const prices = readPrices();

interface Row {
	objects: number;
	values: Record<string, number>;
}

async function measured(objects: number): Promise<Row> {
	const trace = traceOf({ seed: 1, objects, days });
	const policyMs = await least(async () => void placedBy("size-aware", trace, prices));
	const optimumMs = await least(async () => void optimum(trace, prices), 1);
	const chosen = outcomeNamed(compare(trace, prices), "size-aware");
	const root = mkdtempSync(join(tmpdir(), "tiers-growth-"));
	try {
		const path = join(root, "pointers.ndjson");
		const log = await PointerLog.open(path, { sync: false });
		const mover = await Mover.open(await filesStore(root, { sync: false }), log);
		for (let object = 0; object < objects; object++) {
			const bytes = contentOf(1, object, 1);
			await mover.act(objectId(object), { kind: "put", seq: 1, day: 0, version: 1, bytes });
		}
		const moves = Map.groupBy(
			actionsOf(trace, placedBy("size-aware", trace, prices), objects),
			({ object }) => object,
		);
		const waiting = [...moves.values()];
		const begunMs = processorMs();
		let count = 0;
		const work = async () => {
			for (let ofOne = waiting.pop(); ofOne !== undefined; ofOne = waiting.pop())
				for (const { object, ...planned } of ofOne) {
					const action =
						planned.kind === "put"
							? { ...planned, bytes: contentOf(1, object, planned.version) }
							: planned;
					await mover.act(objectId(object), action);
					count += 1;
				}
		};
		await Promise.all(Array.from({ length: movesAtOnce }, work));
		const movesMs = processorMs() - begunMs;
		await log.close();
		const openMs = await least(async () => {
			const again = await PointerLog.open(path, { sync: false });
			await Mover.open(await filesStore(root, { sync: false }), again);
			await again.close();
		});
		return {
			objects,
			values: {
				"USD a month": chosen.monthlyUsd,
				"saved, %": chosen.savingsPct,
				"policy, ms": policyMs,
				"optimum, ms": optimumMs,
				moves: count,
				"moves, ms": movesMs,
				"start, ms": openMs,
			},
		};
	} finally {
		rmSync(root, { recursive: true, force: true });
	}
}

async function least(work: () => Promise<void>, times = 3): Promise<number> {
	let ms = Number.POSITIVE_INFINITY;
	for (let n = 0; n < times; n++) {
		const begunMs = processorMs();
		await work();
		ms = Math.min(ms, processorMs() - begunMs);
	}
	return ms;
}

/** Of all threads of this process, since its start. */
function processorMs(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1_000;
}

const rows: Row[] = [];
for (const objects of sizes) rows.push(await measured(objects));
const names = Object.keys(rows[0]!.values);
console.log(`| | ${sizes.map((size) => `${size} objects`).join(" | ")} | exponent |`);
console.log(`|---|${sizes.map(() => "---|").join("")}---|`);
for (const name of names) {
	const points = rows.map(({ objects, values }) => ({ size: objects, value: values[name]! }));
	const growth = fitGrowth(points);
	const shown = points.map(({ value }) => Number(value.toPrecision(3)));
	console.log(`| ${name} | ${shown.join(" | ")} | ${growth?.exponent.toFixed(2) ?? ""} |`);
}
