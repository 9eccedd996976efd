import type pg from "pg";
import { codeOf, messageOf } from "../base/errors.ts";
import { OperationError, type Outcome } from "./outcome.ts";

/**
 * Whether the server ended the session with this error. An ERROR is its word that the statement was rolled back;
 * after an admin shutdown or the like nobody says whether the statement had been committed before.
 */
export function endsSession({ severity, code = "" }: pg.DatabaseError): boolean {
	if (severity === "FATAL" || severity === "PANIC") return true;
	if (code === "40003") return true; // completion unknown
	if (severity === "ERROR") return false;
	// The severity is in the server's language; these are the codes of FATAL errors. A missing value is a violation of
	// the protocol (08P01), but no end.
	return code.startsWith("57P") || (code.startsWith("08") && code !== "08P01");
}

/** What the server's own error says of the statement. */
export function classifyDatabaseError(error: pg.DatabaseError): Outcome {
	const code = error.code ?? "error";
	return endsSession(error) ? { kind: "unknown", code } : { kind: "fail", code };
}

/**
 * Whether a statement that was prepared before is to be prepared anew: the server forgot it (`discard all`), has
 * another of its name, or what it returns has changed (`alter table`). Of these nothing has been executed.
 */
export function wantsPreparing({ code, routine }: pg.DatabaseError): boolean {
	return (
		code === "26000" ||
		code === "42P05" ||
		(code === "0A000" && routine === "RevalidateCachedQuery")
	);
}

/** What an operation ends with that left its connection inside a transaction, once that has been rolled back. */
export function leftInTransaction(text: string): OperationError {
	return new OperationError(
		"fail",
		"in_transaction",
		`"${text}" left its connection in a transaction, which was rolled back: an operation ends what it begins; write its statements from begin to commit into one (faultline load: lines of a --statements file)`,
	);
}

/** What to do where a connection can't be made. */
export function connectHint(cause: unknown): string {
	const code = codeOf(cause) ?? "";
	switch (code) {
		case "ERR_TLS_CERT_ALTNAME_INVALID":
			return "name the host as its certificate does (hostaddr=ADDRESS says where it is), or verify no name: sslmode=verify-ca";
		case "SELF_SIGNED_CERT_IN_CHAIN":
		case "DEPTH_ZERO_SELF_SIGNED_CERT":
		case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
		case "UNABLE_TO_GET_ISSUER_CERT":
		case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
			return "name the certificate of its CA, sslrootcert=FILE, or verify nothing: sslmode=require";
		case "28000":
			return /no PostgreSQL user name/.test(messageOf(cause))
				? "name a user in the URL: postgres://USER@HOST/DATABASE"
				: "connect as its pg_hba.conf asks for: another user, sslmode=require or disable, or sslcert and sslkey";
		case "28P01":
			return "correct user and password in the URL; what is no letter or digit in them is written as %XX";
		case "3D000":
			return "correct the database in the URL, or make it";
		default:
			if (cause instanceof Error && cause.name === "TimeoutError")
				return "see that Postgres is what listens there, and that nothing drops packets on the way";
			return /does not support SSL/.test(messageOf(cause))
				? "it has no TLS: leave sslmode out, or say sslmode=prefer"
				: "start the service, or correct the endpoint";
	}
}

/** Why a COPY FROM STDIN is given up; the server puts it into its error. */
export const copyRefusal =
	"a load has no data for COPY; use INSERT, or COPY from a file of the server";
