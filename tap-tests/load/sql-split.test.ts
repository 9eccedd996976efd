import t from "tap";
import { splitSql, transactionPart } from "../../load/sql-split.ts";

t.test("semicolons end statements, but for those that are text", async (t) => {
	const rows: [text: string, statements: string[], why: string][] = [
		["select 1", ["select 1"], "none"],
		["select 1;", ["select 1"], "one at the end"],
		["begin; select 1 ; commit;;", ["begin", "select 1", "commit"], "several"],
		["select ';', 'it''s;'", ["select ';', 'it''s;'"], "in a literal"],
		[String.raw`select e'\';'; x`, [String.raw`select e'\';'`, "x"], "in an escaped literal"],
		[String.raw`select '\'; x`, [String.raw`select '\'`, "x"], "a backslash is text elsewhere"],
		['select 1 as "a;""b;"', ['select 1 as "a;""b;"'], "in a name"],
		["do $$ begin; end $$; x", ["do $$ begin; end $$", "x"], "between dollars"],
		["select $f$ $$;$g$ $f$, $1; x", ["select $f$ $$;$g$ $f$, $1", "x"], "between tagged dollars"],
		["select a$1;b$1", ["select a$1", "b$1"], "no dollar quotes"],
		["select 1 -- a; b\n; x", ["select 1 -- a; b", "x"], "in a comment"],
		[
			"select /* ; /* ; */ ; */ 1; x",
			["select /* ; /* ; */ ; */ 1", "x"],
			"in comments in comments",
		],
		[" -- nothing\n; /* nor here */ ", [], "nothing but comments"],
		["create rule r as on x do (a; b); x", ["create rule r as on x do (a; b)", "x"], "in brackets"],
		[
			"create function f() returns int begin atomic select case when true then 1 end; select 2; end; x",
			[
				"create function f() returns int begin atomic select case when true then 1 end; select 2; end",
				"x",
			],
			"in a body",
		],
	];
	for (const [text, statements, why] of rows) t.same(splitSql(text), statements, why);
});

t.test("a statement begins, ends or is within a transaction", async (t) => {
	for (const text of ["BEGIN", "begin isolation level serializable", "/* a */ start transaction"])
		t.equal(transactionPart(text), "begins", text);
	for (const text of ["COMMIT", "end", "rollback", "abort work", "prepare transaction 'x'"])
		t.equal(transactionPart(text), "ends", text);
	for (const text of [
		"select 1",
		"rollback to savepoint a",
		"rollback work to a",
		"commit prepared 'x'",
		"beginning",
	])
		t.equal(transactionPart(text), "within", text);
});
