import pg from "pg";
import t from "tap";
import { classifyDatabaseError, connectHint } from "../../load/postgres-errors.ts";

t.test(
	"an ERROR did not happen whatever its code; the end of a session may have come after",
	async (t) => {
		const rows: [severity: string, code: string, kind: string, why: string][] = [
			["ERROR", "08P01", "fail", "a value is missing"],
			["ОШИБКА", "08P01", "fail", "in the server's language"],
			["ERROR", "08006", "fail", "a foreign server's connection, not ours"],
			["ERROR", "42P01", "fail", "no such table"],
			["ERROR", "57014", "fail", "cancelled"],
			["ERROR", "40003", "unknown", "it says so itself"],
			["FATAL", "08P01", "unknown", "the session ended"],
			["ВАЖНО", "08006", "unknown", "in the server's language"],
		];
		for (const [severity, code, kind, why] of rows) {
			const error = Object.assign(new pg.DatabaseError("no", 1, "error"), { severity, code });
			t.same(classifyDatabaseError(error), { kind, code }, why);
		}
	},
);

t.test("who can't connect is told what to do about it", async (t) => {
	const rows: [cause: object, hint: RegExp][] = [
		[{ code: "ERR_TLS_CERT_ALTNAME_INVALID" }, /verify-ca/],
		[{ code: "SELF_SIGNED_CERT_IN_CHAIN" }, /sslrootcert=FILE/],
		[{ code: "28000" }, /pg_hba\.conf/],
		[{ code: "28000", message: "no PostgreSQL user name specified" }, /USER@HOST/],
		[{ name: "TimeoutError" }, /Postgres is what listens there/],
		[{ code: "28P01" }, /user and password/],
		[{ message: "The server does not support SSL connections" }, /has no TLS/],
		[{ code: "ECONNREFUSED" }, /start the service/],
	];
	for (const [cause, hint] of rows) t.match(connectHint(Object.assign(new Error(), cause)), hint);
});
