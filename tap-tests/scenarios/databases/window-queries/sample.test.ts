import { globSync, readFileSync } from "node:fs";
import t from "tap";
import { readQueries } from "../../../../scenarios/databases/window-queries/query-file.ts";
import { sampleFiles } from "../../../../scenarios/databases/window-queries/sample.ts";

const folder = new URL("../../../../scenarios/databases/window-queries/", import.meta.url);

t.test("the sample's files are what the generator and the oracle make", (t) => {
	const files = sampleFiles(readQueries(new URL("queries/", folder)));
	t.same(
		globSync("**/*.*", { cwd: new URL("sample/", folder) }).sort(),
		Object.keys(files).sort(),
		"no file is missing, and none is left over",
	);
	for (const [name, content] of Object.entries(files))
		t.equal(readFileSync(new URL(`sample/${name}`, folder), "utf8"), content, name);
	t.end();
});
