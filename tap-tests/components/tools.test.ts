import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { withoutSettings } from "../../base/env.ts";
import { identify, killTree } from "../../base/process.ts";
import { binFolderOf, toolState } from "../../daemon/tools/tools.ts";
import { until } from "../live/daemon.ts";
import { flinkRun } from "../scenarios/subjects/streams/flink/replay.ts";
import { untapped } from "../untapped.ts";

// Cold fetches, from the registries, into a cache of the test's own.

t.setTimeout(1_700_000);

interface Fetch {
	child: ChildProcess;
	output(): string;
	ended: Promise<number | string>;
}

/** `faultline stack fetch` in a process of its own. */
function fetching(t: Test, cache: string, ...names: string[]): Fetch {
	return fetchingWith(t, { FAULTLINE_CACHE: cache }, ...names);
}

function fetchingWith(t: Test, env: Record<string, string>, ...names: string[]): Fetch {
	const args = ["--no-warnings", "daemon/cli/main.ts", "stack", "fetch", ...names];
	const child = spawn(...untapped(process.execPath, ...args), {
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...process.env, ...env },
	});
	let output = "";
	for (const stream of [child.stdout!, child.stderr!])
		stream.on("data", (bytes: Buffer) => (output += bytes));
	const ended = once(child, "close").then(([code, signal]) => (signal ?? code) as number | string);
	t.teardown(async () => {
		const root = identify(child.pid!);
		if (root !== null) await killTree(root, { graceMs: 0 });
	});
	return { child, output: () => output, ended };
}

interface Alone {
	cwd?: string;
	input?: string;
}

/** Whether it runs with no network at all; null where this machine gives nobody a network of his own. */
function runsAlone(file: string, args: readonly string[], how: Alone = {}): string | null {
	const alone = ["--user", "--map-root-user", "--net"];
	if (spawnSync("unshare", [...alone, "true"]).status !== 0) return null;
	const { status, stdout, stderr } = spawnSync("unshare", [...alone, file, ...args], {
		...how,
		encoding: "utf8",
		env: { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: "false" },
	});
	return status === 0 ? stdout : `${status}: ${stderr}`;
}

t.test(
	"a cold fetch that is killed, and then wanted twice at once, ends as one whole tool",
	async (t) => {
		const folder = join(t.testdir(), "cache");
		const cache = { folder, env: withoutSettings(process.env) };
		const killed = fetching(t, folder, "dbt");
		await until(() => /fetching dbt .* from PyPI/.test(killed.output()));
		// In the middle: something has come, and it is not whole.
		await until(() =>
			readdirSync(folder).some(
				(name) => name.startsWith(".downloads-dbt") && readdirSync(join(folder, name)).length > 3,
			),
		);
		const root = identify(killed.child.pid!)!;
		await killTree(root, { graceMs: 0 });
		await killed.ended;
		t.match(await toolState("dbt", cache), { state: "fetchable" });
		t.equal(await binFolderOf("dbt", cache), null);

		const both = [fetching(t, folder, "dbt"), fetching(t, folder, "dbt")];
		t.same(await Promise.all(both.map(({ ended }) => ended)), [0, 0], both[0]!.output());
		const said = both.map(({ output }) => output()).join("\n");
		t.match(said, /waiting for process \d+, which fetches dbt/);
		t.match(said, /dbt 1\.11\.16 \//);
		t.equal(said.match(/fetched dbt/g)?.length, 1, "one of them has fetched it");
		t.same(
			readdirSync(folder).filter((name) => name.startsWith(".")),
			[],
			"nothing of any try is left",
		);

		const dbt = join((await binFolderOf("dbt", cache))!, "dbt");
		const alone = runsAlone(dbt, ["--version"]);
		if (alone === null) t.pass("offline", { skip: "nobody gets a network of his own here" });
		else
			t.match(alone, /installed: 1\.11\.16(.|\n)*postgres: 1\.11/, "it needs no network any more");
		const again = fetching(t, folder, "dbt");
		t.equal(await again.ended, 0);
		t.notMatch(again.output(), /fetching/, "what is there is not asked for again");
	},
);

t.test(
	"Flink comes from an empty repository of Maven's, after a try that was killed, and runs a job",
	async (t) => {
		const root = t.testdir({ work: {} });
		const folder = join(root, "cache");
		const repository = join(root, "repository");
		const cache = { folder, env: withoutSettings(process.env) };
		const cold = {
			FAULTLINE_CACHE: folder,
			MAVEN_OPTS: `-Dmaven.repo.local=${repository}`,
		};
		const killed = fetchingWith(t, cold, "flink");
		await until(() => /fetching Flink .* from Maven Central/.test(killed.output()));
		await until(() => existsSync(join(repository, "org", "apache", "flink")));
		await killTree(identify(killed.child.pid!)!, { graceMs: 0 });
		await killed.ended;
		t.match(await toolState("flink", cache), { state: "fetchable" });
		t.equal(await binFolderOf("flink", cache), null);

		const fetch = fetchingWith(t, cold, "flink");
		t.equal(await fetch.ended, 0, fetch.output());
		t.same(
			readdirSync(folder).filter((name) => name.startsWith(".")),
			[],
			"nothing of any try is left",
		);
		const bin = (await binFolderOf("flink", cache))!;
		t.ok(existsSync(join(bin, "classes.jsa")), "with the archive of which a JVM starts soon");
		// The job of an experiment on Flink's state, without a cluster.
		const [, ...sources] = flinkRun(
			"tap-tests/scenarios/streams/exactly-once/flink/ReplayPostings.java",
			"scenarios/streams/exactly-once/flink",
		);
		const payment = JSON.stringify({ n: 0, account: "account-1", cents: 250 });
		const said = runsAlone(join(bin, "flink-run"), sources, {
			cwd: join(root, "work"),
			input: JSON.stringify([7, payment]),
		});
		if (said === null) t.pass("offline", { skip: "nobody gets a network of his own here" });
		else t.match(said, /"offset\\":7.*balanceCents\\":250/, "it needs no network any more");
		const again = fetchingWith(t, cold, "flink");
		t.equal(await again.ended, 0);
		t.notMatch(again.output(), /fetching/, "what is there is not asked for again");
	},
);

t.test("a tool of two recipes is fetched as one, and works with no network", async (t) => {
	const folder = join(t.testdir(), "cache");
	const cache = { folder, env: withoutSettings(process.env) };
	const cold = fetching(t, folder, "spark");
	t.equal(await cold.ended, 0, cold.output());
	t.match(cold.output(), /fetching Spark 4\.2\.0 .* from PyPI and Maven Central/);
	t.match(await toolState("spark", cache), { state: "ready" });
	t.same(
		readdirSync(folder).filter((name) => name.startsWith(".")),
		[],
		"nothing of it is left elsewhere",
	);
	const bin = (await binFolderOf("spark", cache))!;
	const jars = readdirSync(join(bin, "..", "..")).filter((name) => name.endsWith(".jar"));
	t.match(jars, /spark-sql-kafka/, "the connector lies where a query looks for it");
	const said = runsAlone(join(bin, "python3"), [
		"-c",
		"import confluent_kafka, psycopg, pyspark.sql.streaming; print(pyspark.__version__)",
	]);
	if (said === null) t.pass("offline", { skip: "nobody gets a network of his own here" });
	else t.equal(said, "4.2.0\n");
});

t.test("a fetch that is ended by Ctrl-C ends in order", async (t) => {
	const folder = join(t.testdir(), "cache");
	const ended = fetching(t, folder, "dbt");
	await until(() => /fetching dbt .* from PyPI/.test(ended.output()));
	ended.child.kill("SIGINT");
	t.equal(await ended.ended, 130, ended.output());
	t.match(ended.output(), /it goes on with what has come/);
	t.same(
		readdirSync(folder).filter((name) => !name.startsWith(".downloads") && !name.startsWith("uv-")),
		[],
	);
});

t.test("an unknown name is refused, before anything is fetched", async (t) => {
	const folder = join(t.testdir(), "cache");
	const unknown = fetching(t, folder, "dbt", "dbtt");
	t.equal(await unknown.ended, 2);
	t.match(unknown.output(), /did you mean "dbt"/);
	t.notMatch(unknown.output(), /fetching/);
});
