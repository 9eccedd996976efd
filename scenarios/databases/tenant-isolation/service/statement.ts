import type { Session } from "./connections.ts";

/** What became of a statement: rows, or how the server refused it, with all that it said. */
export type Outcome =
	| { kind: "done"; rows: (string | null)[][] }
	| { kind: "refused"; code: string; said: string[] };

/** As the server writes them, whatever their types. */
const asText = { getTypeParser: () => (value: string) => value };

/** Runs one text, which may hold several statements, and gives all rows of all of them. A connection that breaks is thrown. */
export async function run({ client }: Session, text: string, values?: unknown[]): Promise<Outcome> {
	try {
		const results = await client.query({
			text,
			rowMode: "array",
			types: asText,
			...(values && { values }),
		});
		const all = Array.isArray(results) ? results : [results];
		return { kind: "done", rows: all.flatMap(({ rows }) => rows as (string | null)[][]) };
	} catch (error) {
		const code = (error as { code?: unknown }).code;
		// Five signs are a SQLSTATE; those of class 08 and 57 are about the connection.
		if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code) || /^(08|57)/.test(code))
			throw error;
		const { message, detail, hint, where } = error as Record<string, unknown>;
		const said = [message, detail, hint, where].filter(
			(one): one is string => typeof one === "string",
		);
		return { kind: "refused", code, said };
	}
}
