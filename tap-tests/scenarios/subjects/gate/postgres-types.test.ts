import t from "tap";
import {
	canonicalType,
	isOfLogicalType,
} from "../../../../scenarios/subjects/gate/postgres-types.ts";

t.test("types are compared as Postgres writes them, with the sizes that it adds", (t) => {
	const rows = {
		"VARCHAR( 2 )": "character varying(2)",
		"character varying (2)": "character varying(2)",
		varchar: "character varying",
		"decimal(10, 2)": "numeric(10,2)",
		"decimal(10)": "numeric(10,0)",
		numeric: "numeric",
		char: "character(1)",
		"char(3)": "character(3)",
		bit: "bit(1)",
		float: "double precision",
		"float(24)": "real",
		"float(25)": "double precision",
		"double precision": "double precision",
		timestamptz: "timestamp with time zone",
		"timestamptz(3)": "timestamp(3) with time zone",
		"timestamp(3)": "timestamp(3) without time zone",
		"timestamp (3) with time zone": "timestamp(3) with time zone",
		"TIMESTAMP WITHOUT TIME ZONE": "timestamp without time zone",
		timetz: "time with time zone",
		time: "time without time zone",
		int8: "bigint",
		serial: "integer",
		"int[]": "integer[]",
		"varchar(2)[][]": "character varying(2)[]",
		"timestamp[]": "timestamp without time zone[]",
		text: "text",
		mood: "mood",
	};
	for (const [given, wanted] of Object.entries(rows)) t.equal(canonicalType(given), wanted, given);
	t.end();
});

t.test(
	"a type is of a logical type by what its values are; of an unknown one nothing is known",
	(t) => {
		const rows: [type: string, logicalType: string, is: boolean][] = [
			["character varying(2)", "string", true],
			["uuid", "string", true],
			["bigint", "integer", true],
			["bigint", "number", true],
			["numeric(10,2)", "number", true],
			["numeric(10,0)", "integer", false],
			["timestamp with time zone", "timestamp", true],
			["timestamp with time zone", "date", false],
			["time without time zone", "time", true],
			["integer[]", "array", true],
			["integer[]", "integer", false],
			["jsonb", "object", true],
			["mood", "string", false],
		];
		for (const [type, logicalType, is] of rows)
			t.equal(isOfLogicalType(type, logicalType), is, `${type} as ${logicalType}`);
		t.end();
	},
);
