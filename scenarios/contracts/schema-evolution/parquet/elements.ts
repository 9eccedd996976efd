import type {
	ConvertedType,
	FileMetaData,
	LogicalType,
	SchemaElement,
	SchemaTree,
} from "hyparquet";
import type { Column, ColumnType, Decimal } from "./columns.ts";

// Columns as a file's footer lists them: depth first, each with how many follow in it. Converted types are what older
// readers know of the logical ones; the format has both be written.

export function elementsOf(name: string, columns: readonly Column[]): SchemaElement[] {
	return [{ name, num_children: columns.length }, ...columns.flatMap(elementsOfColumn)];
}

function elementsOfColumn({ name, isOptional, type }: Column): SchemaElement[] {
	const repetition_type = isOptional ? "OPTIONAL" : "REQUIRED";
	switch (type.kind) {
		case "group":
			return [
				{ name, repetition_type, num_children: type.columns.length },
				...type.columns.flatMap(elementsOfColumn),
			];
		case "list":
			return [
				{ name, repetition_type, num_children: 1, ...annotated("LIST", { type: "LIST" }) },
				{ name: "list", repetition_type: "REPEATED", num_children: 1 },
				...elementsOfColumn(type.element),
			];
		case "map":
			return [
				{ name, repetition_type, num_children: 1, ...annotated("MAP", { type: "MAP" }) },
				{ name: "key_value", repetition_type: "REPEATED", num_children: 2 },
				...elementsOfColumn(key),
				...elementsOfColumn(type.value),
			];
		case "FIXED_LEN_BYTE_ARRAY":
			return [{ name, repetition_type, type: type.kind, type_length: type.length }];
		case "INT64":
			return [{ name, repetition_type, type: type.kind, ...timeOf(type.means) }];
		case "BYTE_ARRAY":
			return [{ name, repetition_type, type: type.kind, ...textOf(type.means) }];
		case "BOOLEAN":
		case "INT32":
		case "FLOAT":
		case "DOUBLE":
			return [{ name, repetition_type, type: type.kind }];
		default:
			return type satisfies never;
	}
}

const key: Column = {
	name: "key",
	isOptional: false,
	type: { kind: "BYTE_ARRAY", means: "string" },
};

type Annotation = Pick<SchemaElement, "converted_type" | "logical_type" | "precision" | "scale">;

function annotated(converted_type: ConvertedType, logical_type: LogicalType): Annotation {
	return { converted_type, logical_type };
}

function timeOf(means: Extract<ColumnType, { kind: "INT64" }>["means"]): Annotation {
	const time = { type: "TIMESTAMP", isAdjustedToUTC: true } as const;
	switch (means) {
		case "number":
			return {};
		case "timestamp-millis":
			return annotated("TIMESTAMP_MILLIS", { ...time, unit: "MILLIS" });
		case "timestamp-micros":
			return annotated("TIMESTAMP_MICROS", { ...time, unit: "MICROS" });
		default:
			return means satisfies never;
	}
}

function textOf(means: "bytes" | "string" | "enum" | Decimal): Annotation {
	switch (means) {
		case "bytes":
			return {};
		case "string":
			return annotated("UTF8", { type: "STRING" });
		case "enum":
			return annotated("ENUM", { type: "ENUM" });
		default:
			return { ...annotated("DECIMAL", { type: "DECIMAL", ...means }), ...means };
	}
}

/** The columns of a file; throws where it has one that is not known here. */
export function columnsIn({ children }: SchemaTree): Column[] {
	return children.map(columnIn);
}

function columnIn(tree: SchemaTree): Column {
	const { name, repetition_type } = tree.element;
	if (repetition_type === "REPEATED")
		throw new Error(`column ${tree.path.join(".")} is repeated, and in no list`);
	return { name, isOptional: repetition_type !== "REQUIRED", type: typeIn(tree) };
}

function typeIn({ element, children, path }: SchemaTree): ColumnType {
	const annotation = annotationOf(element);
	const inner = children[0]?.children ?? [];
	if (annotation === "LIST" && inner.length === 1)
		return { kind: "list", element: columnIn(inner[0]!) };
	if (annotation === "MAP" && inner.length === 2)
		return { kind: "map", value: columnIn(inner[1]!) };
	if (children.length > 0 && annotation === "")
		return { kind: "group", columns: children.map(columnIn) };
	switch (`${element.type} ${annotation}`) {
		case "BOOLEAN ":
			return { kind: "BOOLEAN" };
		case "INT32 ":
			return { kind: "INT32" };
		case "FLOAT ":
			return { kind: "FLOAT" };
		case "DOUBLE ":
			return { kind: "DOUBLE" };
		case "INT64 ":
			return { kind: "INT64", means: "number" };
		case "INT64 TIMESTAMP MILLIS":
			return { kind: "INT64", means: "timestamp-millis" };
		case "INT64 TIMESTAMP MICROS":
			return { kind: "INT64", means: "timestamp-micros" };
		case "BYTE_ARRAY ":
			return { kind: "BYTE_ARRAY", means: "bytes" };
		case "BYTE_ARRAY STRING":
			return { kind: "BYTE_ARRAY", means: "string" };
		case "BYTE_ARRAY ENUM":
			return { kind: "BYTE_ARRAY", means: "enum" };
		case "BYTE_ARRAY DECIMAL": {
			const { precision = 0, scale = 0 } = element;
			return { kind: "BYTE_ARRAY", means: { precision, scale } };
		}
		case "FIXED_LEN_BYTE_ARRAY ":
			return { kind: "FIXED_LEN_BYTE_ARRAY", length: element.type_length ?? 0 };
		default:
			throw new Error(
				`column ${path.join(".")} is ${element.type} ${annotation}, which is not read here`,
			);
	}
}

/** Files that are older than logical types have the converted ones alone. */
function annotationOf({ logical_type, converted_type }: SchemaElement): string {
	if (logical_type !== undefined)
		return logical_type.type === "TIMESTAMP" ? `TIMESTAMP ${logical_type.unit}` : logical_type.type;
	if (converted_type === "UTF8") return "STRING";
	return converted_type?.replace("TIMESTAMP_", "TIMESTAMP ") ?? "";
}

/** The footer with what the library's own conversions lose taken out: of decimals they make floating-point numbers. */
export function withoutDecimals(metadata: FileMetaData): FileMetaData {
	const schema = metadata.schema.map(({ converted_type, ...element }) =>
		converted_type === undefined || converted_type === "DECIMAL"
			? element
			: { ...element, converted_type },
	);
	return { ...metadata, schema };
}
