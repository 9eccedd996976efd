import { fitGrowth, medianOf } from "faultline";
import { chanceOf } from "../../subjects/streams/chance.ts";
import type { RecordSchema } from "./avro.ts";
import { firstSchema } from "./first-schema.ts";
import { fileOf, openFile } from "./parquet/file.ts";
import { rowReaderOf } from "./parquet/resolution.ts";
import { type Format, formats, refusal } from "./refusal.ts";
import type { Rule } from "./rules.ts";
import { drawnValue } from "./values.ts";

// How a verdict's time grows with the versions that a subject has, and what a row of the archive costs by how many are
// in a file: `node measure-growth.ts`.

const proposalsCount = 30;
const filesCount = 30;

/** So many versions that all read each other: each has a field with a default more than the one before. */
export function versionsOf(count: number): RecordSchema[] {
	return Array.from({ length: count }, (_, version) => ({
		...firstSchema,
		fields: [
			...firstSchema.fields,
			...Array.from({ length: version % 20 }, (_, n) => ({
				name: `extra_${n}`,
				type: "string" as const,
				default: "",
			})),
		],
	}));
}

/** Milliseconds of the processor that a verdict takes, in the middle, where a subject has so many versions. */
export function measure(rule: Rule, count: number, inUse: readonly Format[] = formats): number {
	const versions = versionsOf(count);
	const times = Array.from({ length: proposalsCount }, (_, n) => {
		const next: RecordSchema = {
			...firstSchema,
			fields: [...firstSchema.fields, { name: `new_${n}`, type: "long", default: n }],
		};
		const fromMs = processorMs();
		const why = refusal(rule, versions, next, inUse);
		if (why !== null) throw new Error(why);
		return processorMs() - fromMs;
	});
	return medianOf(times)!;
}

/** Microseconds of the processor that a row takes to be written and read again, where a file has so many. */
export async function measureRows(rowsPerFile: number): Promise<number> {
	const entry = { id: 1, subject: "measured", version: 1, schema: firstSchema };
	const values = Array.from({ length: rowsPerFile }, (_, n) =>
		drawnValue(firstSchema, n, chanceOf(1, n)),
	);
	const times: number[] = [];
	for (let n = 0; n < filesCount; n++) {
		const fromMs = processorMs();
		const { columns, rows } = await openFile(fileOf(entry, values));
		rows.map(rowReaderOf(firstSchema, columns));
		times.push((1_000 * (processorMs() - fromMs)) / rowsPerFile);
	}
	return medianOf(times)!;
}

/** Of this process alone: on a machine that others use too, a wait for them is no cost. */
function processorMs(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1_000;
}

if (import.meta.main) {
	for (const rule of ["FULL", "FULL_TRANSITIVE"] as const) {
		const measured = [10, 20, 40, 80, 160].map((size) => {
			const [both, avro] = [measure(rule, size), measure(rule, size, ["Avro"])];
			console.log(
				`${rule}, ${size} versions: ${both.toFixed(2)} ms a verdict, ${avro.toFixed(2)} of Avro alone`,
			);
			return { size, value: both };
		});
		console.log(`${rule} ~ versions^${fitGrowth(measured)!.exponent.toFixed(2)}`);
	}
	for (const rowsPerFile of [1, 10, 100, 1_000])
		console.log(
			`${rowsPerFile} rows a file: ${(await measureRows(rowsPerFile)).toFixed(1)} µs a row`,
		);
}
