/** Other names of types, and those that stand for a type with a default. */
const aliases: Readonly<Record<string, string>> = {
	int: "integer",
	int2: "smallint",
	int4: "integer",
	int8: "bigint",
	serial: "integer",
	serial2: "smallint",
	serial4: "integer",
	serial8: "bigint",
	smallserial: "smallint",
	bigserial: "bigint",
	float4: "real",
	float8: "double precision",
	dec: "numeric",
	decimal: "numeric",
	bool: "boolean",
	varchar: "character varying",
	char: "character",
	varbit: "bit varying",
	timestamptz: "timestamp",
	timetz: "time",
};

/** A type as Postgres itself writes it: `VARCHAR(2)` is `character varying(2)`, `decimal(10)` is `numeric(10,0)`. */
export function canonicalType(text: string): string {
	const given = text.trim().toLowerCase().replaceAll(/\s+/g, " ");
	const parts = /^([^([]+?) ?(?:\(([^)]*)\))? ?(with(?:out)? time zone)? ?((?:\[\d*\] ?)*)$/.exec(
		given,
	);
	if (parts === null) return given;
	const [, name = "", size = "", zone, dimensions = ""] = parts;
	const base = withSize(aliases[name] ?? name, size.replaceAll(" ", ""));
	const zoned = name.endsWith("tz") ? "with time zone" : (zone ?? "without time zone");
	const isTime = /^(?:time|timestamp)\b/.test(base);
	// However many dimensions are declared, Postgres keeps that there are some.
	return `${base}${isTime ? ` ${zoned}` : ""}${dimensions === "" ? "" : "[]"}`;
}

function withSize(name: string, size: string): string {
	switch (name) {
		case "float":
			return size !== "" && Number(size) <= 24 ? "real" : "double precision";
		case "numeric":
			return /^\d+$/.test(size) ? `numeric(${size},0)` : sized(name, size);
		case "character":
		case "bit":
			return sized(name, size === "" ? "1" : size);
		default:
			return sized(name, size);
	}
}

function sized(name: string, size: string): string {
	return size === "" ? name : `${name}(${size})`;
}

const logicalTypes: [RegExp, logical: readonly string[]][] = [
	[/\[\]$/, ["array"]],
	[/^(?:character|text|uuid|bpchar|citext)/, ["string"]],
	[/^(?:smallint|integer|bigint)/, ["integer", "number"]],
	[/^(?:numeric|real|double precision)/, ["number"]],
	[/^boolean/, ["boolean"]],
	[/^date$/, ["date"]],
	[/^timestamp/, ["timestamp"]],
	[/^time/, ["time"]],
	[/^jsonb?$/, ["object"]],
];

/** Whether values of a type, as Postgres writes it, are what the standard calls so. */
export function isOfLogicalType(type: string, logicalType: string): boolean {
	const [, known] = logicalTypes.find(([pattern]) => pattern.test(type)) ?? [];
	return known?.includes(logicalType) ?? false;
}
