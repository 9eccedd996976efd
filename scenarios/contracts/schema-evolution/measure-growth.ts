import { fitGrowth, medianOf } from "faultline";
import type { RecordSchema } from "./avro.ts";
import { firstSchema } from "./first-schema.ts";
import { refusal } from "./refusal.ts";
import type { Rule } from "./rules.ts";

// How a verdict's time grows with the versions that a subject has: `node measure-growth.ts`.

const proposalsCount = 30;

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

/** Milliseconds of a verdict, in the middle, where a subject has so many versions. */
export function measure(rule: Rule, count: number): number {
	const versions = versionsOf(count);
	const times = Array.from({ length: proposalsCount }, (_, n) => {
		const next: RecordSchema = {
			...firstSchema,
			fields: [...firstSchema.fields, { name: `new_${n}`, type: "long", default: n }],
		};
		const fromMs = performance.now();
		const why = refusal(rule, versions, next);
		if (why !== null) throw new Error(why);
		return performance.now() - fromMs;
	});
	return medianOf(times)!;
}

if (import.meta.main)
	for (const rule of ["FULL", "FULL_TRANSITIVE"] as const) {
		const measured = [10, 20, 40, 80, 160].map((size) => ({ size, value: measure(rule, size) }));
		for (const { size, value } of measured)
			console.log(`${rule}, ${size} versions: ${value.toFixed(2)} ms a verdict`);
		console.log(`${rule} ~ versions^${fitGrowth(measured)!.exponent.toFixed(2)}`);
	}
