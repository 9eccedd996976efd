import { round125 } from "./scale.ts";
import type { KindParam, KindParams } from "./wire.ts";

export type ParamValue = string | number | boolean;

/** What a kind must be given, each with its example; `lacking` are those that have none. */
export function firstParams(schema: KindParams): {
	values: Record<string, ParamValue>;
	lacking: string[];
} {
	const ways = schema.oneOf?.map(({ required }) => required) ?? [[]];
	const exampleOf = (name: string) => schema.properties?.[name]?.examples?.[0];
	const lacks = (names: string[]) => names.filter((name) => exampleOf(name) === undefined);
	const way = ways.find((names) => lacks(names).length === 0) ?? ways[0] ?? [];
	const values: Record<string, ParamValue> = {};
	const names = [...(schema.required ?? []), ...way];
	for (const name of names) {
		const example = exampleOf(name);
		if (example !== undefined) values[name] = example;
	}
	return { values, lacking: lacks(names) };
}

/** The next of 1, 2, 5, 10, … up or down, within the parameter's bounds. */
export function stepped(
	value: number,
	to: "up" | "down",
	{ minimum = 1, maximum = Number.MAX_SAFE_INTEGER }: KindParam,
): number {
	const beside = Math.max(Number.MIN_VALUE, value * (to === "up" ? 1.01 : 0.99));
	return Math.min(maximum, Math.max(minimum, round125(beside, to)));
}
