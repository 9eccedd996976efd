import { pick, type Stream } from "faultline";
import {
	type EnumSchema,
	type Field,
	isArray,
	isEnum,
	isFixed,
	isMap,
	isRecord,
	kindOf,
	type LogicalSchema,
	meaningOf,
	type Primitive,
	type RecordSchema,
	type Schema,
} from "./avro.ts";

// What happens to schemas, each as a change of a field that fits it. None touches `id`, by which an event is known again.

/** Changes the record in place; false where there is nothing in it that could be changed so. */
export type Change = (draw: Stream, record: RecordSchema) => boolean;

const promotions: Partial<Record<string, Primitive[]>> = {
	int: ["long", "float", "double"],
	long: ["float", "double"],
	float: ["double"],
};
const narrowings: Partial<Record<string, Primitive[]>> = {
	long: ["int"],
	double: ["float", "long"],
	float: ["int"],
};

const plain = (field: Field) => kindOf(field.type) !== "record" && meaningOf(field.type) === "";

export const changes = {
	"add-with-default": adds((draw, name) => ({
		name,
		type: "string",
		default: pick(draw, ["", "x"]),
	})),
	"add-without-default": adds((_, name) => ({ name, type: "string" })),
	"add-nullable": adds((_, name) => ({ name, type: ["null", "long"], default: null })),
	"remove-with-default": removes(({ default: value }) => value !== undefined),
	"remove-without-default": removes(({ default: value }) => value === undefined),
	"rename-with-alias": onField(
		() => true,
		(draw, field, record) => {
			const { name, aliases = [] } = field;
			field.name = freshName(draw, record);
			field.aliases = [...aliases, name];
		},
	),
	"rename-without-alias": onField(
		() => true,
		(draw, field, record) => {
			field.name = freshName(draw, record);
			delete field.aliases;
		},
	),
	"promote-type": onField(
		(field) => plain(field) && promotions[kindOf(field.type)] !== undefined,
		(draw, field) => {
			field.type = pick(draw, promotions[kindOf(field.type)]!);
		},
	),
	"narrow-type": onField(
		(field) => plain(field) && narrowings[kindOf(field.type)] !== undefined,
		(draw, field) => {
			field.type = pick(draw, narrowings[kindOf(field.type)]!);
		},
	),
	"string-to-bytes": onField(
		(field) => field.type === "string",
		(_, field) => {
			field.type = "bytes";
		},
	),
	"replace-type": onField(
		(field) => field.type === "string" || field.type === "bytes",
		(_, field) => {
			field.type = "int";
			if (field.default !== undefined) field.default = 0;
		},
	),
	"enum-symbol-added": onEnum((draw, type) => {
		type.symbols = [...type.symbols, `S${Math.floor(draw() * 1e6)}`];
	}),
	"enum-symbol-removed": onEnum((draw, type) => {
		const gone = pick(draw, type.symbols);
		type.symbols = type.symbols.filter((symbol) => symbol !== gone);
		if (type.default === gone) delete type.default;
	}),
	"enum-default-given": onEnum((draw, type) => {
		type.default = pick(draw, type.symbols);
	}),
	"union-widened": onField(
		({ type }) => Array.isArray(type) && !type.some((branch) => branch === "boolean"),
		(_, field) => {
			field.type = [...(field.type as Schema[]), "boolean"];
		},
	),
	"union-narrowed": onField(
		({ type }) => Array.isArray(type) && type.length > 1,
		(_, field) => {
			field.type = (field.type as Schema[]).slice(0, -1);
		},
	),
	"made-nullable": onField(
		(field) => plain(field) && field.type !== "null" && !Array.isArray(field.type),
		(_, field) => {
			field.type = ["null", field.type];
			field.default = null;
		},
	),
	"fixed-resized": onField(
		({ type }) => isFixed(type),
		(draw, field) => {
			const { type } = field;
			if (isFixed(type)) field.type = { ...type, size: type.size + pick(draw, [1, 2, 4]) };
		},
	),
	"items-promoted": onField(
		({ type }) => (isMap(type) && type.values === "int") || (isArray(type) && type.items === "int"),
		(_, field) => {
			const { type } = field;
			if (isMap(type)) field.type = { ...type, values: "long" };
			if (isArray(type)) field.type = { ...type, items: "long" };
		},
	),
	"items-replaced": onField(
		({ type }) => isMap(type) || isArray(type),
		(_, field) => {
			const { type } = field;
			if (isMap(type)) field.type = { ...type, values: "boolean" };
			if (isArray(type)) field.type = { ...type, items: "boolean" };
		},
	),
	"nested-add-without-default": onNested((draw, nested) => {
		nested.fields.push({ name: freshName(draw, nested), type: "string" });
	}),
	"nested-add-with-default": onNested((draw, nested) => {
		nested.fields.push({ name: freshName(draw, nested), type: "long", default: 7 });
	}),
	"logical-type-changed": onField(
		({ type }) => meaningOf(type).startsWith("timestamp"),
		(_, field) => {
			const isMillis = meaningOf(field.type) === "timestamp-millis";
			field.type = {
				type: "long",
				logicalType: isMillis ? "timestamp-micros" : "timestamp-millis",
			};
		},
	),
	"logical-type-dropped": onField(
		({ type }) => meaningOf(type) !== "",
		(_, field) => {
			field.type = kindOf(field.type) as Primitive;
		},
	),
	"decimal-rescaled": onDecimal((type) => {
		type.scale = (type.scale ?? 0) + 1;
	}),
	"decimal-widened": onDecimal((type) => {
		type.precision = (type.precision ?? 0) + 2;
	}),
	"enum-to-string": onField(
		({ type }) => isEnum(type),
		(_, field) => {
			field.type = "string";
		},
	),
	"default-changed": onField(
		({ type, default: value }) => type === "string" && value !== undefined,
		(draw, field) => {
			field.default = `d${Math.floor(draw() * 1e6)}`;
		},
	),
	"default-dropped": onField(
		({ default: value }) => value !== undefined,
		(_, field) => {
			delete field.default;
		},
	),
	"alias-given": onField(
		() => true,
		(draw, field) => {
			field.aliases = [...(field.aliases ?? []), `once_${Math.floor(draw() * 1e6)}`];
		},
	),
	"doc-changed": onField(
		() => true,
		(draw, field) => {
			field.doc = `as of ${Math.floor(draw() * 1e6)}`;
		},
	),
	"fields-reordered": (_, record) => {
		record.fields.reverse();
		return true;
	},
	"namespace-changed": (draw, record) => {
		record.namespace = `shop${Math.floor(draw() * 1e6)}`;
		return true;
	},
	"record-renamed": (draw, record) => {
		record.name = `Order${Math.floor(draw() * 1e6)}`;
		return true;
	},
	/** The same fields, and what is in two of them is swapped: nothing that a schema could tell. */
	"meaning-changed": (draw, record) => {
		const same = record.fields.filter(({ name, type }) => type === "string" && name !== "id");
		if (same.length < 2) return false;
		const [one, other] = [pick(draw, same.slice(1)), same[0]!];
		[one.doc, other.doc] = [`what ${other.name} was`, `what ${one.name} was`];
		return true;
	},
} as const satisfies Record<string, Change>;

export type ChangeName = keyof typeof changes;
export const changeNames = Object.keys(changes) as ChangeName[];

function freshName(draw: Stream, { fields }: RecordSchema): string {
	const taken = fields.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
	for (;;) {
		const name = `f${Math.floor(draw() * 1e9).toString(36)}`;
		if (!taken.includes(name)) return name;
	}
}

function adds(fieldOf: (draw: Stream, name: string) => Field): Change {
	return (draw, record) => {
		record.fields.push(fieldOf(draw, freshName(draw, record)));
		return true;
	};
}

function removes(fits: (field: Field) => boolean): Change {
	return (draw, record) => {
		const some = others(record).filter(fits);
		if (some.length === 0) return false;
		const gone = pick(draw, some);
		record.fields = record.fields.filter((field) => field !== gone);
		return true;
	};
}

function onField(
	fits: (field: Field) => boolean,
	change: (draw: Stream, field: Field, record: RecordSchema) => void,
): Change {
	return (draw, record) => {
		const some = others(record).filter(fits);
		if (some.length === 0) return false;
		change(draw, pick(draw, some), record);
		return true;
	};
}

function onEnum(change: (draw: Stream, type: EnumSchema) => void): Change {
	return onField(
		({ type }) => isEnum(type) && type.symbols.length > 1,
		(draw, { type }) => {
			if (isEnum(type)) change(draw, type);
		},
	);
}

function onDecimal(change: (type: LogicalSchema) => void): Change {
	return onField(
		({ type }) => meaningOf(type).startsWith("decimal"),
		(_, { type }) => change(type as LogicalSchema),
	);
}

function onNested(change: (draw: Stream, nested: RecordSchema) => void): Change {
	return onField(
		({ type }) => isRecord(type),
		(draw, { type }) => {
			if (isRecord(type)) change(draw, type);
		},
	);
}

function others({ fields }: RecordSchema): Field[] {
	return fields.filter(({ name }) => name !== "id");
}
