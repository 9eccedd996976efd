import "../bare-node.ts";
import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import {
	describeFile,
	nameOf,
	ScenarioCatalog,
	SuiteCatalog,
} from "../../../daemon/host/catalog.ts";
import { scenarioText } from "../scenario-text.ts";

t.jobs = 3;

function catalogOf(t: Test, files: Record<string, string | Record<string, string>>) {
	const folder = t.testdir({
		one: { "one.scenario.ts": scenarioText("One"), "helper.ts": "export const a = 1" },
		"two.scenario.ts": scenarioText("Two"),
		...files,
	});
	return { folder, catalog: new ScenarioCatalog(`${folder}/`) };
}

/** As an editor does it: new text, at a later time. */
function edit(file: string, text: string): void {
	writeFileSync(file, text);
	const laterS = Date.now() / 1_000 + 10;
	utimesSync(file, laterS, laterS);
}

t.test(
	"every scenario file of the tree is in it, by name; a broken one with its error",
	async (t) => {
		const { catalog } = catalogOf(t, { "zap.scenario.ts": "export default {", "notes.ts": "" });
		const all = await catalog.list();
		t.same(all.map(nameOf).sort(), ["one", "two", "zap"]);
		t.equal((await catalog.list())[0], all[0], "what has not changed is not described again");
		await t.rejects(catalog.find("onne"), {
			code: "FLT_SCENARIO_UNKNOWN",
			message: 'no scenario "onne"; did you mean "one"?',
			hint: "there are: one, two, zap",
		});
		await t.rejects(catalog.find("something-else"), { message: 'no scenario "something-else"' });
		t.match(await catalog.find("one"), { name: "one", title: "One" });
		await t.rejects(catalog.find("zap"), {
			code: "FLT_SCENARIO_BROKEN",
			message: /^scenario "zap" does not load: ./,
			hint: /^mend .*zap\.scenario\.ts$/,
		});
	},
);

t.test(
	"a changed file is described again, a new one too, and one that is gone is gone",
	async (t) => {
		const { catalog, folder } = catalogOf(t, {});
		await catalog.list();
		edit(join(folder, "two.scenario.ts"), scenarioText("Two, again"));
		t.equal((await catalog.find("two")).title, "Two, again");
		writeFileSync(join(folder, "three.scenario.ts"), scenarioText("Three"));
		rmSync(join(folder, "one"), { recursive: true });
		t.same((await catalog.list()).map(nameOf), ["three", "two"]);
	},
);

t.test(
	"a changed helper beside a scenario changes its hash, for it is the same code no more",
	async (t) => {
		const { catalog, folder } = catalogOf(t, {});
		const before = await catalog.find("one");
		edit(join(folder, "one", "helper.ts"), "export const a = 2");
		t.not((await catalog.find("one")).hash, before.hash);
	},
);

t.test(
	"a changed file that a scenario imports from elsewhere is noticed, in a broken scenario too",
	async (t) => {
		const { catalog, folder } = catalogOf(t, {
			three: {
				"three.scenario.ts": `import "../shared/lib.ts";\n${scenarioText("Three")}`,
				"four.scenario.ts": `import "../shared/exits.ts";\n${scenarioText("Four")}`,
			},
			shared: { "lib.ts": "export const a = 1", "exits.ts": "process.exit(3)" },
		});
		const shared = (name: string) => join(folder, "shared", name);
		const before = await catalog.find("three");
		const { hash: other } = await catalog.find("one");
		edit(shared("lib.ts"), "export const a = 2");
		t.not((await catalog.find("three")).hash, before.hash);
		t.equal((await catalog.find("one")).hash, other, "it is no part of the others");
		rmSync(shared("lib.ts"));
		await t.rejects(catalog.find("three"), { code: "FLT_SCENARIO_BROKEN" });
		await t.rejects(catalog.find("four"), { code: "FLT_SCENARIO_BROKEN" });
		writeFileSync(shared("lib.ts"), "export const a = 1");
		t.equal((await catalog.find("three")).hash, before.hash);
		edit(shared("exits.ts"), "export const a = 1");
		t.equal((await catalog.find("four")).title, "Four", "one that ended its process as well");
	},
);

t.test("a file from anywhere is described, or named as broken or absent", async (t) => {
	const folder = t.testdir({
		"mine.scenario.ts": scenarioText("Mine"),
		"torn.scenario.ts": "export default {",
		"mine.ts": "",
		[`${"n".repeat(64)}.scenario.ts`]: scenarioText("Long"),
		[`${"ü".repeat(33)}.scenario.ts`]: scenarioText("Longer"),
	});
	t.match(await describeFile(join(folder, "mine.scenario.ts")), { name: "mine", title: "Mine" });
	const long = await describeFile(join(folder, `${"n".repeat(64)}.scenario.ts`));
	t.equal(long.title, "Long");
	await t.rejects(describeFile(join(folder, `${"ü".repeat(33)}.scenario.ts`)), {
		code: "FLT_SCENARIO_BROKEN",
		message: /its name is 66 bytes long, at most 64 can be/,
	});
	await t.rejects(describeFile(join(folder, "torn.scenario.ts")), {
		code: "FLT_SCENARIO_BROKEN",
	});
	for (const [name, hint] of [
		["nowhere.scenario.ts", /^correct its path; its name must end in \.scenario\.ts or/],
		["mine.ts", /^its name must end in \.scenario\.ts or/],
	] as const) {
		await t.rejects(describeFile(join(folder, name)), { code: "FLT_SCENARIO_UNKNOWN", hint });
	}
});

t.test("the house's own scenarios and suites all load", async (t) => {
	const scenarios = await new ScenarioCatalog().list();
	const all = [...scenarios, ...(await new SuiteCatalog().list())];
	t.ok(all.map(nameOf).includes("retry-storm"));
	t.equal(new Set(all.map(nameOf)).size, all.length, "each has a name of its own");
	t.same(
		all.filter(({ kind }) => kind === "broken"),
		[],
	);
});
