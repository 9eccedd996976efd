import { existsSync, readdirSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { keepFiles } from "../../../daemon/host/keep-files.ts";

t.test("plain files are kept, and texts beside them", (t) => {
	const root = t.testdir({
		pages: {
			"a.html": "a",
			".draft": "half",
			deeper: { "b.html": "b" },
			"link.html": t.fixture("symlink", "../secret"),
		},
		secret: "s",
	});
	const into = join(root, "run", "files", "docs");
	keepFiles(into, join(root, "pages"), { "index.html": "i" });
	t.same(readdirSync(into).sort(), ["a.html", "index.html"]);
	t.equal(readFileSync(join(into, "a.html"), "utf8"), "a");
	keepFiles(join(root, "none"), join(root, "not-there"), { "index.html": "i" });
	t.same(readdirSync(join(root, "none")), ["index.html"], "a folder that is not there has none");
	t.end();
});

t.test(
	"a name that is a path, and more than a record should hold, are refused before anything is kept",
	(t) => {
		const root = t.testdir({ pages: { "a.html": "a" } });
		const into = join(root, "kept");
		t.throws(() => keepFiles(into, join(root, "pages"), { "../b": "" }), { message: /no name/ });
		truncateSync(join(root, "pages", "a.html"), 33 * 2 ** 20);
		t.throws(() => keepFiles(into, join(root, "pages"), {}), { message: /more than is kept/ });
		t.notOk(existsSync(into));
		t.end();
	},
);
