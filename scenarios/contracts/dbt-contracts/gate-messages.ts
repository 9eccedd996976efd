/** One rule that does not hold, and where. */
export type Finding = {
	model: string;
	columns: string[];
	/** As the contract names it: a test's name, `data_type`, `primary_key`, `column_exists`, … */
	rule: string;
	/** What dbt said, in a line. */
	detail: string;
};

/** The rows of the table that dbt prints where a model is not what its contract says, as findings. */
export function mismatches(model: string, message: string): Finding[] {
	if (!message.includes("enforced contract that failed")) return [];
	const rows = message
		.split("\n")
		.filter((line) => line.trim().startsWith("|"))
		.map((line) => line.split("|").map((cell) => cell.trim()));
	return rows.flatMap(([, column, definition, contract, reason]) => {
		if (column === undefined || column === "column_name" || column.startsWith("-")) return [];
		const detail = `the model has ${definition || "none"}, the contract ${contract || "none"}: ${reason}`;
		return [
			{
				model,
				columns: [column],
				rule: reason === "data type mismatch" ? "data_type" : "column_exists",
				detail,
			},
		];
	});
}

const lost = [
	"terminating connection",
	"server closed the connection",
	"connection already closed",
	"connection is closed",
	"connection not open",
	"could not connect to server",
	"connection to server at",
	"could not receive data from server",
	"could not send data to server",
	"no connection to the server",
	"SSL connection has been closed",
	"SSL SYSCALL error",
	"the database system is",
	"the connection is lost",
	"too many clients",
	"canceling statement due to",
	"timeout expired",
	"cursor already closed",
];

/** Whether an error is about the way to the database, and not about what is in it. */
export function lostConnection(message: string): boolean {
	return lost.some((text) => message.includes(text));
}

/** How Postgres says what is wrong with the data, and the rule that it then breaks. `column` and `model` are its groups. */
const patterns: readonly (readonly [pattern: RegExp, rule: string])[] = [
	[/null value in column "(?<column>[^"]+)" of relation "(?<model>[^"]+)"/, "not_null"],
	[
		/duplicate key value violates unique constraint[\s\S]*?Key \((?<columns>[^)]+)\)/,
		"primary_key",
	],
	[/could not create unique index[\s\S]*?Key \((?<columns>[^)]+)\)/, "primary_key"],
	[/violates check constraint "(?<constraint>[^"]+)"/, "check"],
	[/violates foreign key constraint[\s\S]*?Key \((?<columns>[^)]+)\)/, "foreign_key"],
	[/column (?:"?\w+"?\.)?"?(?<column>\w+)"? does not exist/, "column_exists"],
	[/relation "(?:\w+\.)?(?<table>\w+)" does not exist/, "table_exists"],
	[/(?:integer|bigint|smallint|numeric field|value) (?:is )?out of range/, "data_type"],
	[/invalid input syntax for type/, "data_type"],
	[/operator does not exist/, "data_type"],
];

/** What an error of the database says, as far as it is understood. One that is not has the rule `error`. */
export function databaseFinding(model: string, message: string): Finding {
	const detail = message.replaceAll(/\s+/g, " ").slice(0, 300);
	for (const [pattern, rule] of patterns) {
		const match = pattern.exec(message);
		if (match === null) continue;
		const { column, columns, table, constraint } = match.groups ?? {};
		const named = columns?.split(",").map((name) => name.trim()) ?? [column, table, constraint];
		return {
			model,
			columns: named.filter((name) => name !== undefined).filter((name) => name !== model),
			rule,
			detail,
		};
	}
	return { model, columns: [], rule: "error", detail };
}
