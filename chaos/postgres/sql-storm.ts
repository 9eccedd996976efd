import type pg from "pg";
import { pause } from "../../base/clock.ts";
import { openSession, type PostgresUndo } from "./postgres-undo.ts";

/** After an error, such as a deadlock that it lost, a session takes a breath. */
const breathMs = 10;

/** One session of the fault's for each statement, which says it over and over until the session is ended. */
export async function beginStorm(
	{ url, faultId }: PostgresUndo,
	statements: readonly string[],
): Promise<void> {
	const sessions = await Promise.all(statements.map(() => openSession(url, faultId)));
	for (const [i, session] of sessions.entries()) void repeat(session, statements[i]!);
}

async function repeat(session: pg.Client, statement: string): Promise<void> {
	let open = true;
	session.once("end", () => {
		open = false;
	});
	while (open) await session.query(statement).catch(() => pause(breathMs));
}
