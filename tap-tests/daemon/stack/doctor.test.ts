import { chmodSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { resolveSettings } from "../../../daemon/settings.ts";
import { examine, renderPicture } from "../../../daemon/stack/doctor.ts";

const blank = { how: "", version: "", tried: "", fix: "" };

t.test(
	"the picture is an aligned table; what is missing says what was tried and how to get it",
	async (t) => {
		const text = renderPicture({
			components: [
				{ ...blank, component: "postgres", state: "up", version: "18.4", how: "native" },
				{
					...blank,
					component: "kafka",
					state: "missing",
					tried: "mvn on the PATH",
					fix: "install it",
				},
			],
			onDemand: [
				{
					...blank,
					component: "dbt",
					state: "fetchable",
					version: "1.11.16",
					how: "PyPI, about 150 MB",
				},
			],
			tools: [
				{ ...blank, component: "node", state: "ready", version: "24.21.0", how: "/bin/node" },
			],
			cache: { folder: "/cache", bytes: 83_400_000 },
		});
		t.equal(
			text,
			`component  state      version  how
postgres   up         18.4     native
kafka      missing

dbt        fetchable  1.11.16  PyPI, about 150 MB

node       ready      24.21.0  /bin/node

cache: /cache, 83 MB

kafka is missing; tried: mvn on the PATH
  install it
`,
		);
	},
);

t.test("a Kafka of three brokers is three processes", async (t) => {
	const folder = t.testdir({ cache: { "kafka-4.3.1": { libs: {} } }, java: "" });
	chmodSync(join(folder, "java"), 0o755);
	const path = process.env.PATH;
	process.env.PATH = folder;
	t.teardown(() => {
		process.env.PATH = path;
	});
	for (const [brokers, how] of [
		["1", /^native, \//],
		["3", /^native, 3 processes, \//],
	] as const) {
		const flags = { cache: join(folder, "cache"), brokers };
		const sources = { env: {}, config: {}, folder, platform: "linux", userFolder: folder } as const;
		const { components } = await examine(resolveSettings({ flags, ...sources }));
		t.match(
			components.find(({ component }) => component === "kafka"),
			{ state: "ready", how },
		);
	}
});

t.test("this machine is examined without fetching or starting anything", async (t) => {
	const folder = t.testdir({ empty: {} });
	const path = process.env.PATH;
	process.env.PATH = join(folder, "empty");
	delete process.env.JAVA_HOME;
	t.teardown(() => {
		process.env.PATH = path;
	});
	const settings = resolveSettings({
		flags: { cache: join(folder, "cache"), redisUrl: "redis://:secret@h:1" },
		env: {},
		config: {},
		folder,
		platform: "linux",
		userFolder: folder,
	});
	const picture = await examine(settings);
	const states = Object.fromEntries(picture.components.map((row) => [row.component, row.state]));
	t.same(states, { kafka: "missing", postgres: "ready", redis: "ready", toxiproxy: "missing" });
	t.match(
		picture.tools.map(({ component, state }) => `${component} ${state}`),
		["node", "java", "mvn", "go", "python3", "npm"].map(
			(name) => `${name} ${name === "node" ? "ready" : "missing"}`,
		),
	);
	t.match(
		picture.onDemand.map(({ component, state }) => `${component} ${state}`),
		[
			"alertmanager",
			"connect",
			"prometheus",
			"s3",
			"datacontract-cli",
			"dbt",
			"flink",
			"great-expectations",
			"spark",
		].map((name) => `${name} missing`),
	);
	t.match(picture.onDemand.slice(-4), [
		{ component: "dbt", state: "missing", tried: /python3.11, .*on the PATH/, fix: /apt-get/ },
		{ component: "flink", state: "missing", tried: /^java and javac and mvn on the PATH/ },
		{ component: "great-expectations", state: "missing", tried: /python3.11, .*on the PATH/ },
		{ component: "spark", state: "missing", tried: /^python3.11, .*; java and mvn on the PATH/ },
	]);
	t.equal(picture.cache.bytes, 0);
	t.notMatch(renderPicture(picture), /secret/);
});
