import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import t from "tap";
import { appendNdjson } from "../../../base/ndjson.ts";
import { knownHome, openHome, writeDurably } from "../../../daemon/home/home.ts";

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

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

t.test("nobody else reads or writes what is in a home", async (t) => {
	const home = openHome(join(t.testdir(), "home"));
	const isRoot = process.getuid?.() === 0;
	// Root's services run as another user, who goes through these two and can list neither.
	const through = isRoot ? "711" : "700";
	const modes = () => [home.folder, join(home.folder, "data")].map(modeOf);
	t.same(modes(), [through, through]);
	for (const folder of [home.runs, home.history, home.services, home.nightly, home.suites])
		t.equal(modeOf(folder), "700", folder);
	writeDurably(join(home.runs, "run.json"), "{}");
	appendNdjson(join(home.runs, "events.ndjson"), {});
	for (const file of ["run.json", "events.ndjson"])
		t.equal(modeOf(join(home.runs, file)), "600", file);
	for (const folder of [home.folder, home.runs, join(home.folder, "data")])
		chmodSync(folder, 0o777);
	openHome(home.folder);
	t.same(modes(), [through, through], "an older home is closed");
	t.equal(modeOf(home.runs), "700");
});

t.test("a folder where others can put files does not become a home", async (t) => {
	const folder = t.testdir({ file: "" });
	chmodSync(folder, 0o1777);
	const refused = {
		code: "FLT_USAGE",
		message: /others can write into/,
		hint: /another by --home/,
	};
	t.throws(() => openHome(folder), refused);
	chmodSync(folder, 0o755);
	t.throws(() => openHome(folder), { code: "FLT_USAGE", message: /no home, and has file in it/ });
	t.same(readdirSync(folder), ["file"], "a project's folder is left as it was");
	t.equal(modeOf(folder), "755");
	if (process.getuid?.() !== 0) return;
	const foreign = join(folder, "foreign");
	mkdirSync(foreign);
	chownSync(foreign, 65_534, 65_534);
	t.throws(() => openHome(foreign), { code: "FLT_USAGE", message: /belongs to another user/ });
});

t.test("who only looks makes no home", async (t) => {
	const folder = t.testdir();
	t.throws(() => knownHome(join(folder, "typo")), {
		code: "FLT_NOT_FOUND",
		message: /there is no home in .*typo: nothing has run there/,
	});
	t.same(readdirSync(folder), []);
	const { id } = openHome(join(folder, "deep", "home"));
	t.equal(knownHome(join(folder, "deep", "home")).id, id);
});

t.test("a home folder that can't be made is told with what to do", async (t) => {
	const file = join(t.testdir({ file: "" }), "file");
	const refused = { code: "FLT_USAGE", hint: /FAULTLINE_HOME/ };
	t.throws(() => openHome(join(file, "home")), refused);
	if (existsSync("/proc/self")) t.throws(() => openHome("/proc/nowhere/home"), refused);
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
