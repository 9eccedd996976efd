import { pathToFileURL } from "node:url";
import t from "tap";
import { entryUrl, runningExtension } from "../../base/entry.ts";

t.test("an entry is found as it is written in a clone, and as it is compiled in a package", (t) => {
	const folder = t.testdir({ "source.ts": "", "built.js": "", "both.ts": "", "both.js": "" });
	const base = pathToFileURL(`${folder}/here.ts`);
	const rows: [specifier: string, found: string, why: string][] = [
		["./source.ts", "source.ts", "the sources run as they are"],
		["./built.ts", "built.js", "the compiler has made a .js of it"],
		["./both.ts", "both.ts", "the name as written wins"],
		["./neither.ts", "neither.ts", "an error should name what the sources name"],
	];
	for (const [specifier, found, why] of rows)
		t.equal(entryUrl(specifier, base).href, pathToFileURL(`${folder}/${found}`).href, why);
	t.equal(runningExtension, ".ts", "the tests run the sources");
	t.end();
});
