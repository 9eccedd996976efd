/** What a column can hold, as far as the mapping tells types apart. */
export type ColumnType =
	| { kind: "integer"; bits: 16 | 32 | 64 }
	| { kind: "numeric"; precision: number | null; scale: number | null }
	| { kind: "text"; lengthMax: number | null }
	/** An enum of the source; the target keeps it as text that is checked. */
	| { kind: "label"; labels: string[] }
	| { kind: "timestamp"; zoned: boolean }
	| { kind: "boolean" }
	| { kind: "other"; name: string };

/** A type by its name in the catalog, such as `numeric(12,2)`; an enum by its labels. */
export function readType(name: string, labels: string[] | null): ColumnType {
	if (labels !== null) return { kind: "label", labels };
	const [, base = name, inner] =
		/^([a-z ]+?)(?:\(([\d,]+)\))?( with(?:out)? time zone)?$/.exec(name) ?? [];
	const [first, second] = (inner ?? "")
		.split(",")
		.map((text) => (text === "" ? null : Number(text)));
	switch (base) {
		case "smallint":
			return { kind: "integer", bits: 16 };
		case "integer":
			return { kind: "integer", bits: 32 };
		case "bigint":
			return { kind: "integer", bits: 64 };
		case "numeric":
			return {
				kind: "numeric",
				precision: first ?? null,
				scale: first == null ? null : (second ?? 0),
			};
		case "text":
			return { kind: "text", lengthMax: null };
		case "character varying":
			return { kind: "text", lengthMax: first ?? null };
		case "timestamp":
			return { kind: "timestamp", zoned: name.endsWith("with time zone") };
		case "boolean":
			return { kind: "boolean" };
		default:
			return { kind: "other", name };
	}
}

/** As the target declares it. */
export function typeSql(type: ColumnType): string {
	switch (type.kind) {
		case "integer":
			return { 16: "smallint", 32: "integer", 64: "bigint" }[type.bits];
		case "numeric":
			return type.precision === null ? "numeric" : `numeric(${type.precision},${type.scale ?? 0})`;
		case "text":
			return type.lengthMax === null ? "text" : `varchar(${type.lengthMax})`;
		case "label":
			return "text";
		case "timestamp":
			return type.zoned ? "timestamptz" : "timestamp";
		case "boolean":
			return "boolean";
		case "other":
			return type.name;
		default:
			return type satisfies never;
	}
}

const digitsOfBits = { 16: 5, 32: 10, 64: 19 } as const;

/** The least type that holds all values of both without a change to any of them; null where there is none. */
export function joinTypes(a: ColumnType, b: ColumnType): ColumnType | null {
	if (a.kind === "integer" && b.kind === "integer") return a.bits >= b.bits ? a : b;
	if (a.kind === "integer" && b.kind === "numeric") return joinTypes(numericOf(a), b);
	if (a.kind === "numeric" && b.kind === "integer") return joinTypes(a, numericOf(b));
	if (a.kind === "numeric" && b.kind === "numeric") {
		if (a.precision === null || b.precision === null)
			return { kind: "numeric", precision: null, scale: null };
		const scale = Math.max(a.scale ?? 0, b.scale ?? 0);
		const whole = Math.max(a.precision - (a.scale ?? 0), b.precision - (b.scale ?? 0));
		return { kind: "numeric", precision: whole + scale, scale };
	}
	if (a.kind === "text" && b.kind === "text") {
		const isUnbounded = a.lengthMax === null || b.lengthMax === null;
		return { kind: "text", lengthMax: isUnbounded ? null : Math.max(a.lengthMax!, b.lengthMax!) };
	}
	if (a.kind === "label" && b.kind === "label")
		return { kind: "label", labels: [...new Set([...a.labels, ...b.labels])] };
	if (a.kind === "timestamp" && b.kind === "timestamp") return a.zoned === b.zoned ? a : null;
	if (a.kind === "boolean" && b.kind === "boolean") return a;
	if (a.kind === "other" && b.kind === "other") return a.name === b.name ? a : null;
	return null;
}

function numericOf({ bits }: Extract<ColumnType, { kind: "integer" }>): ColumnType {
	return { kind: "numeric", precision: digitsOfBits[bits], scale: 0 };
}

export function sameType(a: ColumnType, b: ColumnType): boolean {
	if (a.kind === "label" && b.kind === "label")
		return [...a.labels].sort().join() === [...b.labels].sort().join();
	return a.kind === b.kind && typeSql(a) === typeSql(b);
}

/** From 0 to 1: how well a column of this type can be the other one under a new name. */
export function typeScore(from: ColumnType, to: ColumnType): number {
	if (sameType(from, to)) return 1;
	const joined = joinTypes(from, to);
	if (joined === null) return 0;
	return from.kind === to.kind ? 0.9 : 0.6;
}
