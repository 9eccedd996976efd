import { type Database, executed, findingOf } from "../../../subjects/gate/scratch.ts";
import { quoted } from "../../../subjects/gate/sql-text.ts";
import type { Proposed } from "./case.ts";

// A proposed state as tables that others can look at: the gate's own are there for one transaction, and nobody else sees them.

export type State =
	/** Its tables are in the schema, and those of its views whose query does not fail. */
	| { kind: "made" }
	/** A migration fails. */
	| { kind: "unmade"; why: string };

/** Makes a state in a schema of its own, lets somebody look, and takes the schema away. */
export async function withState<T>(
	database: Database,
	schema: string,
	proposed: Pick<Proposed, "migrations" | "models">,
	look: (state: State) => Promise<T>,
): Promise<T> {
	const state = await made(database, schema, proposed);
	try {
		return await look(state);
	} finally {
		await database.query(`drop schema if exists ${schema} cascade`);
	}
}

async function made(
	database: Database,
	schema: string,
	{ migrations, models }: Pick<Proposed, "migrations" | "models">,
): Promise<State> {
	const here = `set local search_path to ${schema}`;
	await database.query(`begin; create schema ${schema}`);
	try {
		for (const sql of migrations) await database.query(`${here}; ${executed(sql)}`);
	} catch (error) {
		await database.query("rollback");
		return { kind: "unmade", why: whyOf(error) };
	}
	for (const [name, sql] of Object.entries(models))
		try {
			const view = `create view ${quoted(name)} as ${sql}`;
			await database.query(`${here}; savepoint model; ${executed(view)}`);
		} catch (error) {
			whyOf(error);
			await database.query("rollback to savepoint model");
		}
	await database.query("commit");
	return { kind: "made" };
}

/** What the database says of the SQL; what it says of itself is thrown on. */
function whyOf(error: unknown): string {
	return findingOf(error, [], "applies").why;
}
