import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { openHome, ownerToken, writeDurably } from "../../daemon/home.ts";

t.test("a home keeps its id, and two homes differ", async (t) => {
	const first = openHome(join(t.testdir(), "a"));
	t.match(first.id, /^[0-9a-f]{8}$/);
	t.equal(openHome(first.folder).id, first.id);
	t.not(openHome(join(t.testdirName, "b")).id, first.id);
});

t.test(
	"everything of a home lies in its folder, except what a service user could not reach",
	async (t) => {
		const home = openHome(join(t.testdir(), "home"));
		const inside = [home.runs, home.services, home.data("x"), home.lockFile, home.tokenFile];
		for (const path of inside) t.ok(path.startsWith(`${home.folder}/`), path);
		t.match(home.outside, home.id);
		t.equal(readFileSync(join(home.folder, ".gitignore"), "utf8"), "*\n");
	},
);

t.test("the owner's token is made once and only its owner reads it", async (t) => {
	const home = openHome(t.testdir());
	const token = ownerToken(home);
	t.match(token, /^[\w-]{32}$/);
	t.equal(ownerToken(home), token);
	t.equal(statSync(home.tokenFile).mode & 0o777, 0o600);
});

t.test("a home folder that can't be made is told with what to do", async (t) => {
	const file = join(t.testdir({ file: "" }), "file");
	t.throws(() => openHome(join(file, "home")), { code: "FLT_USAGE", hint: /FAULTLINE_HOME/ });
});

t.test("a durable write replaces the whole file and leaves no draft", async (t) => {
	const folder = t.testdir({ "state.json": "a longer text than the new one" });
	writeDurably(join(folder, "state.json"), "new");
	t.equal(readFileSync(join(folder, "state.json"), "utf8"), "new");
	t.same(readdirSync(folder), ["state.json"]);
});

t.test("a durable write that fails leaves the old text and no draft", async (t) => {
	const folder = t.testdir();
	mkdirSync(join(folder, "taken"));
	writeFileSync(join(folder, "taken", "old"), "");
	t.throws(() => writeDurably(join(folder, "taken"), "new"));
	t.same(readdirSync(folder), ["taken"]);
});
