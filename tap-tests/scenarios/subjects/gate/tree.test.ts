import t from "tap";
import {
	changeFindings,
	contractOf,
	type Entry,
	entriesOf,
	entryFindings,
	fileBytesMax,
	migrationOf,
	modelOf,
} from "../../../../scenarios/subjects/gate/tree.ts";

const file = (path: string, oid = "a", more: Partial<Entry> = {}): Entry => ({
	path,
	mode: "100644",
	oid,
	bytes: 10,
	...more,
});

t.test("a tree is read as git lists it, with names that have spaces and tabs", (t) => {
	const listed = [
		"100644 blob aa      12\ta b",
		"160000 commit bb       -\tvendor",
		"120000 blob cc       3\tx\ty",
		"",
	].join("\0");
	t.same(entriesOf(Buffer.from(listed)), [
		{ path: "a b", mode: "100644", oid: "aa", bytes: 12 },
		{ path: "vendor", mode: "160000", oid: "bb", bytes: null },
		{ path: "x\ty", mode: "120000", oid: "cc", bytes: 3 },
	]);
	t.end();
});

t.test("what no repository may hold is found by its name, kind and size", (t) => {
	const rows: [entry: Entry, rule: string][] = [
		[file("link", "a", { mode: "120000" }), "file-kind"],
		[file("vendor", "a", { mode: "160000", bytes: null }), "file-kind"],
		[file("big.sql", "a", { bytes: fileBytesMax + 1 }), "size"],
		...[
			"../x",
			"a/../../x",
			"/x",
			"a//b",
			"./x",
			".git/hooks/x",
			"a/.GIT/config",
			"GIT~1/x",
			"a\\b",
			"a\nb",
		].map((path): [Entry, string] => [file(path), "path"]),
	];
	for (const [entry, rule] of rows)
		t.match(entryFindings(entry), [{ place: [entry.path], rule }], entry.path);
	for (const path of ["a/b.sql", ".gitignore", "a..b", "é.md"])
		t.same(entryFindings(file(path)), [], path);
	t.same(entryFindings(file("a", "a", { bytes: fileBytesMax, mode: "100755" })), []);
	t.end();
});

t.test("migrations only come after those that are there, and stay as they are", (t) => {
	const before = [file("migrations/0001_a.sql"), file("migrations/0004_b.sql", "b")];
	const rows: [after: Entry[], place: string, rule: string, why: string][] = [
		[[before[0]!, file("migrations/0004_b.sql", "c")], "0004_b", "append-only", "written again"],
		[[before[0]!], "0004_b", "append-only", "taken back"],
		[[...before, file("migrations/0002_c.sql")], "0002_c", "order", "before the last"],
		[[...before, file("migrations/0004_a.sql")], "0004_a", "order", "before it by its name"],
	];
	for (const [after, place, rule, why] of rows)
		t.match(changeFindings(before, after), [{ place: [place], rule }], why);
	t.same(changeFindings(before, [...before, file("migrations/0005_c.sql")]), []);
	t.same(changeFindings(before, before), []);
	t.end();
});

t.test("what the gate stands on stays as it is", (t) => {
	for (const path of [
		".github/workflows/contract-gate.yml",
		".gitattributes",
		"a/.gitattributes",
		".gitmodules",
	]) {
		t.match(changeFindings([file(path)], []), [{ place: [path], rule: "kept" }], `${path} removed`);
		t.match(changeFindings([], [file(path)]), [{ place: [path], rule: "kept" }], `${path} added`);
	}
	t.same(changeFindings([file("README.md")], [file("README.md", "b")]), []);
	t.end();
});

t.test("files are read by where they are, and only there", (t) => {
	t.equal(migrationOf("migrations/0001_a.sql"), "0001_a");
	t.equal(modelOf("models/totals.sql"), "totals");
	t.equal(contractOf("contracts/orders.odcs.yaml"), "orders.odcs.yaml");
	for (const path of [
		"migrations/a.sql",
		"x/migrations/0001_a.sql",
		"migrations/0001_A.sql",
		"models/a/b.sql",
		"contracts/a.yaml",
	])
		t.same([migrationOf(path), modelOf(path), contractOf(path)], [null, null, null], path);
	t.end();
});
