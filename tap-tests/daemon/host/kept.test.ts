import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { ScenarioCatalog } from "../../../daemon/host/catalog.ts";
import type { Looked } from "../../../daemon/host/describe.ts";
import { KeptDescriptions } from "../../../daemon/host/kept.ts";
import type { Broken, ScenarioDescription } from "../../../daemon/host/protocol.ts";

type Entry = { kind: "scenario"; description: Pick<ScenarioDescription, "name"> };
const known: Looked<Entry> = {
	kind: "scenario",
	description: { name: "a" },
	seen: { "/a.scenario.ts": 1 },
};
const broken: Broken & { seen: null } = {
	kind: "broken",
	name: "b",
	file: "/b.scenario.ts",
	error: "it has no end",
	seen: null,
};

t.test("what was described is kept, and what is broken is looked at the next time", (t) => {
	const folder = t.testdir();
	t.same(new KeptDescriptions("scenario", folder).read(), [], "nothing is there");
	const kept = new KeptDescriptions<Entry>("scenario", folder);
	kept.read();
	kept.write([known, broken, { ...known, seen: null }]);
	t.same(new KeptDescriptions("scenario", folder).read(), [known]);
	t.same(new KeptDescriptions("suite", folder).read(), []);
	t.end();
});

t.test("what sources have described that were others at the first look is not kept", (t) => {
	const folder = t.testdir();
	// One that never looked stands for one that looked before they changed.
	new KeptDescriptions<Entry>("scenario", folder).write([known]);
	t.same(new KeptDescriptions("scenario", folder).read(), []);
	t.end();
});

t.test("of other sources, or half written, nothing holds; where none can be kept none is", (t) => {
	const folder = t.testdir({ file: "" });
	const kept = new KeptDescriptions<Entry>("scenario", folder);
	kept.read();
	kept.write([known]);
	const file = join(folder, "described", "scenario.json");
	const text = readFileSync(file, "utf8");
	writeFileSync(file, text.replace(/"sources":"[^"]*/, "$&1"));
	t.same(kept.read(), []);
	writeFileSync(file, text.slice(0, -9));
	t.same(kept.read(), []);
	const nowhere = new KeptDescriptions<Entry>("scenario", join(folder, "file"));
	nowhere.read();
	nowhere.write([known]);
	t.same(nowhere.read(), []);
	t.end();
});

t.test(
	"a scenario of the house is as it was kept for as long as nothing of it has changed",
	async (t) => {
		const folder = t.testdir();
		const before = process.env.FAULTLINE_CACHE;
		process.env.FAULTLINE_CACHE = folder;
		t.teardown(() => {
			if (before === undefined) delete process.env.FAULTLINE_CACHE;
			else process.env.FAULTLINE_CACHE = before;
		});
		const all = await new ScenarioCatalog().list();
		t.same(await new ScenarioCatalog().list(), all);
		const file = join(folder, "described", "scenario.json");
		const planted = JSON.parse(readFileSync(file, "utf8"));
		for (const { description } of planted.looked) description.title = "as it was kept";
		const storm = planted.looked.find((of: Entry) => of.description.name === "retry-storm");
		storm.seen[storm.description.file] -= 1;
		writeFileSync(file, JSON.stringify(planted));
		const titles = (await new ScenarioCatalog().list()).map((of) =>
			"description" in of ? of.description.title : of.error,
		);
		t.same(
			titles,
			all.map((of) =>
				"description" in of && of.description.name === "retry-storm"
					? of.description.title
					: "as it was kept",
			),
		);
		mkdirSync(join(folder, "empty"));
		t.same(
			await new ScenarioCatalog(join(folder, "empty")).list(),
			[],
			"folders of others are not",
		);
	},
);
