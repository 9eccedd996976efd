import { globSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import t, { type Test } from "tap";
import { foundText } from "../../../daemon/explore/found-file.ts";
import { isEngine } from "../../../daemon/host/engine.ts";
import { isAsSeen } from "../../../daemon/host/seen.ts";
import { hashOf, SourceFinder } from "../../../daemon/host/sources.ts";

/** With a finder of its own, as each process that describes has. */
const sourcesOf = (file: string) => new SourceFinder().sourcesOf(file);
const namesOf = (file: string) => sourcesOf(file).files.map(({ name }) => name);
const hash = (file: string) => hashOf(sourcesOf(file));

/** A folder with an experiment, what it may name, and what it never does. */
function treeOf(t: Test, scenario: string, more: Record<string, unknown> = {}) {
	const root = t.testdir({
		experiment: { "one.scenario.ts": scenario, ...(more.experiment as object) },
		shared: {
			"a.ts": "export const a = 1;",
			"rows.csv": "1",
			"unrelated.ts": "1",
			...(more.shared as object),
		},
	});
	return { root, file: join(root, "experiment", "one.scenario.ts") };
}

t.test("a change outside of the folder changes the hash, however the file is named", (t) => {
	const rows: [
		why: string,
		scenario: string,
		changed: string,
		helpers?: Record<string, unknown>,
	][] = [
		["an import", 'import { a } from "../shared/a.ts";', "shared/a.ts"],
		["an import for what it does", 'import "../shared/a.ts";', "shared/a.ts"],
		["what is exported from there", 'export { a } from "../shared/a.ts";', "shared/a.ts"],
		["all of it", 'export * from "../shared/a.ts";', "shared/a.ts"],
		["an import when it is used", 'const a = () => import("../shared/a.ts");', "shared/a.ts"],
		["a file that is read", 'new URL("../shared/rows.csv", import.meta.url);', "shared/rows.csv"],
		["a subject", 'const a = { file: "../shared/a.ts" };', "shared/a.ts"],
		["`.js` written for `.ts`", 'import { a } from "../shared/a.js";', "shared/a.ts"],
		["an import of a helper", "", "shared/a.ts", { "help.ts": 'import "../shared/a.ts";' }],
		[
			"a subject that a helper's folder names for the scenario",
			"",
			"shared/a.ts",
			{ parts: { "plan.ts": 'export const file = "../shared/a.ts";' } },
		],
		[
			"an import of a subject that lies deep",
			'const a = { file: "./x/y/run.ts" };',
			"shared/a.ts",
			{ x: { y: { "run.ts": 'import "../../../shared/a.ts";' } } },
		],
		["an import of an import", 'import "../shared/b.ts";', "shared/a.ts"],
		["one in a circle", 'import "../shared/c.ts";', "shared/a.ts"],
		["a folder, however deep", 'new URL("../shared/", import.meta.url);', "shared/deep/er/a.sql"],
		[
			"a folder that is named without a dot",
			'new URL("models/", import.meta.url);',
			"experiment/models/deep/er/a.sql",
			{ models: { deep: { er: { "a.sql": "select 1" } } } },
		],
	];
	for (const [why, scenario, changed, experiment] of rows) {
		const { root, file } = treeOf(t, scenario, {
			experiment,
			shared: {
				"b.ts": 'import "./a.ts";',
				"c.ts": 'import "./d.ts"; import "../experiment/one.scenario.ts";',
				"d.ts": 'import "./c.ts"; import "./a.ts";',
				deep: { er: { "a.sql": "select 1" } },
			},
		});
		const before = hash(file);
		writeFileSync(join(root, "shared/unrelated.csv"), "2");
		t.equal(hash(file), before, `${why}: another file beside it is nothing`);
		writeFileSync(join(root, changed), "export const a = 2;");
		t.not(hash(file), before, why);
	}
	t.end();
});

t.test("what is no part of it is not followed", (t) => {
	const packages = { pg: { "index.js": "1" } };
	const { file } = treeOf(
		t,
		`import "pg"; import "./node_modules/pg/index.js"; import "./gone.ts";
		import type { A } from "../shared/a.ts"; // import "../shared/unrelated.ts"
		new URL("../", import.meta.url); new URL("node_modules/", import.meta.url);
		const up = "../"; const shared = "../shared/";`,
		{
			experiment: {
				node_modules: packages,
				".git": { "index.ts": "1" },
				"words.md": "1",
				other: { "two.scenario.ts": 'import "../../shared/a.ts";', "help.ts": "1" },
			},
		},
	);
	t.same(namesOf(file), ["one.scenario.ts"]);
	t.end();
});

t.test("the hash is the same wherever the tree lies, and whoever is asked first", (t) => {
	const tree = {
		shared: { "a.ts": 'import "./z.ts";', "z.ts": "1" },
		experiment: {
			"one.scenario.ts": 'import "../shared/z.ts"; import "../shared/a.ts";',
			"two.scenario.ts": "",
		},
	};
	const turned = {
		experiment: { ...tree.experiment },
		shared: { "z.ts": "1", "a.ts": tree.shared["a.ts"] },
	};
	const root = t.testdir({
		here: tree,
		there: { deep: turned },
		linked: t.fixture("symlink", "here"),
	});
	const [here, there, linked] = ["here", "there/deep", "linked"].map((folder) =>
		join(root, folder, "experiment/one.scenario.ts"),
	) as [string, string, string];
	t.same(namesOf(here), ["../shared/a.ts", "../shared/z.ts", "one.scenario.ts", "two.scenario.ts"]);
	t.equal(hash(there), hash(here));
	t.equal(hash(linked), hash(here), "through a link as well");
	const finder = new SourceFinder();
	const second = join(here, "../two.scenario.ts");
	for (const file of [second, here]) t.equal(hashOf(finder.sourcesOf(file)), hash(file));
	t.end();
});

t.test("a link is what it leads to", (t) => {
	const root = t.testdir({
		lib: { "a.ts": 'import "./b.ts";', "b.ts": "1" },
		mine: { "real.scenario.ts": 'import "./beside.ts"; import "../links/a.ts";', "beside.ts": "1" },
		links: { "a.ts": t.fixture("symlink", "../lib/a.ts") },
		experiment: {
			"one.scenario.ts": t.fixture("symlink", "../mine/real.scenario.ts"),
			"subject.py": "1",
		},
	});
	const file = join(root, "experiment/one.scenario.ts");
	t.same(namesOf(file), [
		"../lib/a.ts",
		"../lib/b.ts",
		"../mine/beside.ts",
		"../mine/real.scenario.ts",
		"subject.py",
	]);
	const before = hash(file);
	writeFileSync(join(root, "lib/b.ts"), "2");
	t.not(hash(file), before);
	t.end();
});

t.test("what has vanished, or is there at last, is seen as a change", (t) => {
	const { root, file } = treeOf(t, 'import "../shared/late.js"; import "../shared/a.ts";');
	const { seen, files } = sourcesOf(file);
	t.ok(isAsSeen(seen));
	writeFileSync(join(root, "shared/unrelated.ts"), "2");
	t.ok(isAsSeen(seen), "another file beside it is nothing");
	writeFileSync(join(root, "shared/late.ts"), "1");
	t.notOk(isAsSeen(seen), "the missing one is there");
	t.not(hash(file), hashOf({ files }));
	rmSync(join(root, "shared/late.ts"));
	t.ok(isAsSeen(seen), "and gone again");
	rmSync(join(root, "shared/a.ts"));
	t.notOk(isAsSeen(seen));
	t.same(namesOf(file), ["one.scenario.ts"]);
	const alone = sourcesOf(file);
	writeFileSync(join(root, "experiment/new.ts"), "1");
	t.notOk(isAsSeen(alone.seen), "a new file in the folder");
	rmSync(join(root, "experiment"), { recursive: true });
	t.same(namesOf(file), [], "nothing is left, and nothing is thrown");
	t.end();
});

t.test("a scenario that another imports brings its folder", (t) => {
	const faults = { title: "T", faults: [] } as never;
	const { root, file } = treeOf(t, foundText("../shared/base.scenario.ts", faults), {
		shared: {
			"base.scenario.ts": 'const a = { file: "./deep/er/subject.ts" };',
			queries: { "one.sql": "select 1" },
			deep: { er: { "subject.ts": "1" } },
		},
	});
	t.same(
		namesOf(file).filter((name) => !/unrelated|a\.ts$/.test(name)),
		[
			"../shared/base.scenario.ts",
			"../shared/deep/er/subject.ts",
			"../shared/queries/one.sql",
			"one.scenario.ts",
		],
	);
	const { seen } = sourcesOf(file);
	writeFileSync(join(root, "shared/queries/two.sql"), "select 2");
	t.notOk(isAsSeen(seen));
	t.end();
});

t.test("data too large to be read at each look are told by their size", (t) => {
	const { root, file } = treeOf(t, 'new URL("../shared/rows.csv", import.meta.url);');
	const rows = join(root, "shared/rows.csv");
	truncateSync(rows, 65 * 2 ** 20);
	const before = sourcesOf(file);
	t.ok(before.files.every(({ bytes }) => bytes.length < 1_000));
	truncateSync(rows, 66 * 2 ** 20);
	t.not(hash(file), hashOf(before));
	t.end();
});

t.test("who imports the kit as a whole is made of all of it", (t) => {
	const digest = (text: string) => {
		const { file } = treeOf(t, text);
		return namesOf(file).filter((name) => name.endsWith("scenarios/kit/digest.ts")).length;
	};
	t.equal(digest('import * as faultline from "faultline";'), 1);
	t.equal(digest('const { digest } = await import("faultline");'), 1);
	t.equal(digest('import { digest as sum } from "faultline";'), 1);
	t.equal(digest('import { scenario } from "faultline";'), 0);
	t.equal(digest('import * as subject from "faultline/subject";'), 0);
	t.end();
});

t.test("our experiments are made of their own and shared files, not of the engine", (t) => {
	const files = globSync("scenarios/**/*.{scenario,suite}.ts").sort();
	const modes = files.filter((file) => file.startsWith("scenarios/failing/failure-modes/"));
	t.ok(modes.length >= 5);
	for (const file of modes) {
		const names = namesOf(file);
		for (const name of ["subjects/order-service.ts", "kit/exactly-once.ts", "kit/digest.ts"])
			t.ok(names.includes(`../../${name}`), `${file} is made of ${name}`);
		t.notOk(
			names.some((name) => name.includes("contract/plan")),
			"the contract is the engine's",
		);
		t.notOk(
			names.includes("../../kit/detector.ts"),
			"and so is nothing of the kit that it takes nothing from",
		);
		t.ok(names.includes("pipeline/guards.sql"));
	}
	for (const [of, name] of [
		["failing/retry-storm/retry-storm", "../../kit/exactly-once.ts"],
		["streams/late-features/late-features", "../../subjects/streams/flink/PartitionJob.java"],
		["streams/sliding-windows/sliding-windows", "flink/WindowJob.java"],
		["streams/late-features/late-features", "../../subjects/streams/spark/batch_sink.py"],
		["streams/late-features/late-features", "spark/feature_job.py"],
		["contracts/dbt-contracts/dbt-contracts", "dbt/dbt_project.yml"],
		["contracts/data-quality/data-quality", "suite/sales.json"],
		["contracts/data-quality/data-quality", "../../subjects/python/steps.py"],
	] as const)
		t.ok(namesOf(`scenarios/${of}.scenario.ts`).includes(name), `${of} is made of ${name}`);
	for (const file of files) {
		const outside = namesOf(file).map((name) => resolve(file, "..", name));
		t.same(
			outside.filter((path) => isEngine(path) || !path.startsWith(resolve("scenarios"))),
			[],
			`${file} stops at the engine`,
		);
	}
	t.end();
});
