import { pathToFileURL } from "node:url";
import t from "tap";
import { loadEntry, scanFolder } from "../../base/catalog.ts";

const folderOf = (path: string) => pathToFileURL(`${path}/`);

t.test("a folder's files are its catalog, by name, in order; nothing else is in it", async (t) => {
	const folder = t.testdir({
		"slow.ts": "",
		"down.ts": "",
		"down.d.ts": "",
		"README.md": "",
		"old.js": "",
	});
	t.same([...scanFolder(folderOf(folder)).keys()], ["down", "slow"]);
});

t.test(
	"files of folders in it belong to a catalog that has such, by their names alone",
	async (t) => {
		const folder = folderOf(
			t.testdir({
				"slow.ts": "",
				network: { "down.ts": "export default 1", "README.md": "", deeper: { "lost.ts": "" } },
				postgres: { "lock.ts": "" },
			}),
		);
		t.same([...scanFolder(folder).keys()], ["slow"], "not where nobody asked for it");
		t.same([...scanFolder(folder, "folders in it").keys()], ["down", "lock", "slow"]);
		t.equal(await loadEntry(folder, "down", "fault kind", "folders in it"), 1);
	},
);

t.test("two files of one name are refused, both named", async (t) => {
	const path = t.testdir({ redis: { "pause.ts": "" }, process: { "pause.ts": "" } });
	t.throws(() => scanFolder(folderOf(path), "folders in it"), {
		message: `"pause" is the name of two files, ${path}/process/pause.ts and ${path}/redis/pause.ts`,
		hint: /rename one/,
	});
});

t.test("an entry is the default export of the file of its name", async (t) => {
	const folder = t.testdir({ "down.ts": "export default { victim: 'nobody' as string }" });
	t.same(await loadEntry(folderOf(folder), "down", "fault kind"), { victim: "nobody" });
});

t.test("an unknown id is refused with the nearest one and all there are", async (t) => {
	const folder = folderOf(t.testdir({ "latency.ts": "", "down.ts": "" }));
	await t.rejects(loadEntry(folder, "latancy", "fault kind"), {
		code: "FLT_KIND_UNKNOWN",
		message: 'no fault kind "latancy"; did you mean "latency"?',
		hint: "known: down, latency",
	});
	await t.rejects(loadEntry(folder, "zzzzzz", "driver"), { message: 'no driver "zzzzzz"' });
	await t.rejects(loadEntry(folder, "../down", "driver"), { code: "FLT_KIND_UNKNOWN" });
});

t.test("a file with a mistake is named with its mistake, and hides no other", async (t) => {
	const path = t.testdir({
		"good.ts": "export default 1",
		"throws.ts": "throw new Error('no such port')",
		"torn.ts": "export default {",
		"bare.ts": "export const fault = 1",
	});
	const rows: [id: string, message: RegExp][] = [
		["throws", /fault kind "throws" does not load: no such port/],
		["torn", /fault kind "torn" does not load: ./],
		["bare", /fault kind "bare" does not load: .*no default export/],
	];
	for (const [id, message] of rows) {
		await t.rejects(loadEntry(folderOf(path), id, "fault kind"), {
			code: "FLT_KIND_UNKNOWN",
			message,
			hint: `mend ${path}/${id}.ts`,
		});
	}
	t.equal(await loadEntry(folderOf(path), "good", "fault kind"), 1);
});
