import { globSync, readFileSync } from "node:fs";
import t from "tap";

/** A literal packed into a spread: the compiler looks for no property in it that is too much, so that a typo compiles. */
const packed = /\.\.\.\{\s*[\w$]+\s*[,:}]/;

t.test("no object literal is packed into a spread, where a mistyped name would pass", (t) => {
	const files = globSync("{base,toxiproxy,load,chaos,scenarios,daemon}/**/*.ts");
	t.ok(files.length > 400, "the sources were found");
	t.same(
		files.filter((file) => packed.test(readFileSync(file, "utf8"))),
		[],
	);
	t.match("f({ ...{ a, b: 1 } })", packed, "one is seen");
	t.notMatch("f({ ...base, ...(x ? { a } : {}) })", packed, "and nothing else is");
	t.end();
});
