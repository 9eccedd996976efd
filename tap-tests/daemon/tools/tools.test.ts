import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import t, { type Test } from "tap";
import type { Cache } from "../../../daemon/tools/cache.ts";
import {
	binFolderOf,
	fetchTool,
	missingTool,
	readyTool,
	toolIds,
	toolState,
} from "../../../daemon/tools/tools.ts";
import { programs } from "./programs.ts";

/** A cache in a folder of the test's, on a machine that has just these programs. */
function cacheWith(t: Test, scripts: Record<string, string>): Cache & { lines: string[] } {
	const lines: string[] = [];
	return {
		folder: join(t.testdirName, "cache"),
		progress: (line) => lines.push(line),
		env: { PATH: programs(t, scripts) },
		signal: new AbortController().signal,
		lines,
	};
}

/** Makes an environment as uv does, from what it finds in its cache or else "downloads". */
const uv = `
case $1 in
venv) mkdir -p env/bin; echo made > env/bin/python;;
pip)
	echo "$@" >> $UV_CACHE_DIR/../asked
	test -e $UV_CACHE_DIR/wheel && echo "from the cache" >> $UV_CACHE_DIR/../asked
	touch $UV_CACHE_DIR/wheel
	test -e $UV_CACHE_DIR/../cut && { rm $UV_CACHE_DIR/../cut; echo "the line is cut" >&2; exit 2; }
	echo "#!/bin/sh" > env/bin/dbt;;
esac`;
const python = "echo 3 11";

t.test(
	"a tool is a file of one folder, and pins all that is fetched for it by its hash",
	async (t) => {
		t.ok(toolIds().includes("dbt"));
		for (const file of globSync("daemon/tools/locks/*.txt")) {
			const lines = readFileSync(file, "utf8").replaceAll("\\\n", " ").split("\n");
			const wanted = lines.filter((line) => line !== "" && !line.startsWith("#"));
			t.ok(wanted.length > 0, file);
			for (const line of wanted) t.match(line, /^[\w.-]+==\S+ .*--hash=sha256:[\da-f]{64}/, file);
			t.ok(
				toolIds().some((id) => `${id}.txt` === basename(file)) || basename(file) === "uv.txt",
				file,
			);
		}
		await t.rejects(toolState("dbtt", cacheWith(t, {})), {
			code: "FLT_KIND_UNKNOWN",
			message: /no tool "dbtt"; did you mean "dbt"\?/,
		});
	},
);

t.test("what is lacking for a tool is told with what was tried and how to get it", async (t) => {
	for (const [what, scripts] of [
		["no Python", {}],
		["one that is too old", { python3: "echo 3 8" }],
		["one that is too new", { python3: "echo 3 15" }],
		["a shim of a version that is not installed", { "python3.12": "exit 127" }],
	] as [string, Record<string, string>][]) {
		const cache = cacheWith(t, scripts);
		const tried = /python3.11, python3.12, python3.13, python3 on the PATH/;
		t.match(await toolState("dbt", cache), { state: "missing", tried, fix: /apt-get/ }, what);
		t.match(await missingTool("dbt", cache), { code: "FLT_COMPONENT_MISSING", message: tried });
		await t.rejects(fetchTool("dbt", cache), { code: "FLT_COMPONENT_MISSING", hint: /apt-get/ });
		t.same(cache.lines, [], "nothing is begun");
	}
});

t.test("a tool is fetched once, and then there without any program or network", async (t) => {
	const cache = cacheWith(t, { python3: python, uv });
	t.match(await toolState("dbt", cache), { state: "fetchable", version: "1.11.16" });
	t.equal(await missingTool("dbt", cache), null);
	t.equal(await readyTool("dbt", cache), null);
	const { bin, variables } = await fetchTool("dbt", cache);
	t.equal(readFileSync(join(bin, "dbt"), "utf8"), "#!/bin/sh\n");
	t.match(variables, { DBT_SEND_ANONYMOUS_USAGE_STATS: "false", DO_NOT_TRACK: "1" });
	const asked = readFileSync(join(cache.folder, "asked"), "utf8");
	t.match(asked, /--require-hashes --only-binary :all: .*--requirements \S+dbt\.txt/);
	t.match(cache.lines[0], /fetching dbt 1\.11\.16 .* from PyPI: about 150 MB/);

	const bare = { ...cache, env: { PATH: "" } };
	t.match(await toolState("dbt", bare), { state: "ready" });
	t.equal((await fetchTool("dbt", bare)).bin, bin);
	t.equal(await binFolderOf("dbt", bare), bin);
	t.equal(readFileSync(join(cache.folder, "asked"), "utf8"), asked, "nothing was asked for again");
});

t.test(
	"a fetch that broke off leaves no tool, says why, and goes on with what had come",
	async (t) => {
		const cache = cacheWith(t, { python3: python, uv, touch: 'exec /usr/bin/touch "$@"' });
		mkdirSync(cache.folder, { recursive: true });
		writeFileSync(join(cache.folder, "cut"), "");
		await t.rejects(fetchTool("dbt", cache), {
			code: "FLT_COMPONENT_MISSING",
			message: /dbt 1\.11\.16 was asked for at PyPI: .*the line is cut/,
			hint: /next try begins with what has come/,
		});
		t.equal(await readyTool("dbt", cache), null);
		await fetchTool("dbt", cache);
		t.match(readFileSync(join(cache.folder, "asked"), "utf8"), /from the cache\n$/);
		t.notOk(existsSync(join(cache.folder, "cut")));
	},
);

t.test("without uv, pip fetches the one that is pinned", async (t) => {
	const pip = `case $2 in
	pip) while test "$1" != --target; do shift; done; mkdir -p $2/bin; cp ${"$"}(dirname $0)/uv-to-be $2/bin/uv;;
	*) ${python};;
	esac`;
	const cache = cacheWith(t, { python3: pip, "uv-to-be": uv });
	t.ok(existsSync(join((await fetchTool("dbt", cache)).bin, "dbt")));
	t.match(cache.lines, [/fetching dbt/, /fetching uv/, /fetched uv/, /fetched dbt/]);

	const without = cacheWith(t, {
		python3: `case $2 in pip) echo "No module named pip"; exit 1;; *) ${python};; esac`,
	});
	await t.rejects(fetchTool("dbt", { ...without, folder: join(t.testdirName, "other") }), {
		message: /uv is not on the PATH, and .*python3 -m pip was asked for it: .*No module named pip/,
		hint: /python3-pip/,
	});
});
