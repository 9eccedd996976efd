import { fitGrowth, medianOf } from "faultline";
import { connectPostgres, variable } from "faultline/subject";
import { Scratch } from "../../subjects/gate/scratch.ts";
import { firstShop } from "./shop/shop.ts";

// How a check's time in the scratch database grows with the migrations that main has: `SCRATCH_URL=postgres://… node
// measure-growth.ts`.

/** Milliseconds of a check, in the middle, where main has so many migrations. */
export async function measure(
	scratch: Pick<Scratch, "findings">,
	count: number,
	checks = 9,
): Promise<number> {
	const { migrations, models, contracts } = firstShop(1);
	const files = (some: Record<string, string>) =>
		Object.entries(some).map(([name, sql]) => ({ name, sql }));
	const more = Array.from({ length: count - 2 }, (_, n) => ({
		name: `${String(n + 10).padStart(4, "0")}_more`,
		sql: `alter table orders add column more_${n} text;`,
	}));
	const trial = {
		before: [...files(migrations), ...more],
		steps: [{ name: "9999_last", sql: "alter table orders add column last_one text;" }],
		models: files(models),
		contracts: Object.values(contracts),
	};
	const times: number[] = [];
	for (let n = 0; n < checks; n++) {
		const fromMs = performance.now();
		const found = await scratch.findings(trial);
		if (found.length > 0) throw new Error(`a harmless change has ${found.length} findings`);
		times.push(performance.now() - fromMs);
	}
	return medianOf(times)!;
}

if (import.meta.main) {
	const scratch = new Scratch(() => connectPostgres(variable("SCRATCH_URL")), 60_000);
	await measure(scratch, 10);
	const measured: { size: number; value: number }[] = [];
	for (const size of [10, 40, 160, 640])
		measured.push({ size, value: await measure(scratch, size) });
	for (const { size, value } of measured)
		console.log(`${size} migrations: ${value.toFixed(1)} ms a check`);
	console.log(`~ migrations^${fitGrowth(measured)!.exponent.toFixed(2)}`);
	await scratch.close();
}
