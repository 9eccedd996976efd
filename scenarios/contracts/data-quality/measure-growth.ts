import { fitGrowth, medianOf } from "faultline";
import { deliveryAfter } from "./anomalies/batches.ts";
import { withPorts } from "./etl/ports.ts";
import { deliverySql } from "./etl/tables.ts";
import { type Ports, type Taken, takeBatch } from "./etl/take-batch.ts";

// How a batch's time grows with its rows: `SOURCE_URL=… TARGET_URL=… VALIDATOR_URL=http://… node measure-growth.ts`, on tables
// that `sample/failing.sql` has made.

type Part = "stage" | "validate" | "decide";

/** Milliseconds of each part, in the middle of so many batches of about so many rows. */
export async function measure(
	{ source, ...others }: Ports,
	rows: number,
	from: number,
	batches = 3,
): Promise<Record<Part, number>> {
	const all: Exclude<Taken, { kind: "none" }>[] = [];
	for (let batch = from; batch < from + batches; batch++) {
		const delivery = deliveryAfter({ seed: 1, rows }, { batch, anomalies: [] });
		for (const { text, values } of deliverySql(delivery)) await source(text, values);
		const taken = await takeBatch(batch, { source, ...others });
		if (taken.kind === "none") throw new Error(taken.reason);
		all.push(taken);
	}
	const of = (part: Part) => medianOf(all.flatMap(({ ms }) => ms?.[part] ?? []))!;
	return { stage: of("stage"), validate: of("validate"), decide: of("decide") };
}

if (import.meta.main) {
	process.env.PATIENCE_MS ??= "120000";
	const sizes = [100, 1_000, 10_000, 50_000];
	await withPorts((ports) => measure(ports, 100, 100));
	const measured: { size: number; value: number }[] = [];
	for (const [n, size] of sizes.entries()) {
		const { stage, validate, decide } = await withPorts((ports) =>
			measure(ports, size, 200 + 10 * n),
		);
		measured.push({ size, value: validate });
		console.log(
			`${size} rows: staged in ${stage.toFixed(0)} ms, validated in ${validate.toFixed(0)}, loaded in ${decide.toFixed(0)}`,
		);
	}
	console.log(`a validation ~ rows^${fitGrowth(measured)!.exponent.toFixed(2)}`);
}
