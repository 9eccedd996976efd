import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import t from "tap";
import { parse } from "yaml";
import { gateEnv } from "../../../../scenarios/contracts/dbt-contracts/gate-run.ts";
import { sampleSql } from "../../../../scenarios/contracts/dbt-contracts/sample.ts";
import { marts, staging } from "./contract-files.ts";

const project = new URL("../../../../scenarios/contracts/dbt-contracts/dbt/", import.meta.url);
const text = (file: string) => readFileSync(new URL(file, project), "utf8");

t.test("the sample is what the seed makes of it", (t) => {
	t.equal(text("sample/raw.sql"), sampleSql(), "node scenarios/contracts/dbt-contracts/sample.ts");
	t.end();
});

t.test("every package is locked, with hashes, and dbt is older than 1.12", (t) => {
	const entries = text("requirements.lock")
		.replaceAll("\\\n", " ")
		.split("\n")
		.filter((line) => line !== "" && !line.startsWith("#"));
	t.ok(entries.length > 30);
	for (const entry of entries) t.match(entry, /^[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/);
	t.match(text("requirements.lock"), /^dbt-core==1\.11\.\d+ /m);
	t.match(text("requirements.lock"), /^dbt-postgres==/m);
	t.end();
});

t.test(
	"the profile has nothing but what the environment says, and the gate says all of it from a URL",
	(t) => {
		const { shop } = parse(text("profiles.yml"));
		const { type, connect_timeout, retries, application_name, ...given } = shop.outputs.gate;
		t.same(
			[type, typeof connect_timeout, retries, application_name],
			["postgres", "number", 0, "dbt-shop"],
		);
		for (const [key, value] of Object.entries(given)) {
			const name = /^\{\{ env_var\('(\w+)'(, '[^']*')?\)( \| as_number)? \}\}$/.exec(String(value));
			t.ok(name, `${key}: ${value}`);
			const [, variable, byDefault] = name!;
			if (byDefault === undefined && variable !== "DBT_SCHEMA")
				t.match(text("gate.py"), `os.environ["${variable}"] = `, `${variable} is set by the gate`);
		}
		t.end();
	},
);

t.test("the project is locked to the packages that the daemon fetches for it", (t) => {
	const fetched = readFileSync(new URL("../../../../daemon/tools/locks/dbt.txt", project), "utf8");
	const versions = (lock: string) =>
		[...lock.matchAll(/^[\w.-]+==[^\s;]+/gm)].map(([version]) => version);
	const others = versions(text("requirements.lock")).filter(
		(version) => !versions(fetched).includes(version),
	);
	t.same(others, []);
	t.end();
});

t.test("telemetry is off, in the project and in the environment", (t) => {
	t.equal(parse(text("dbt_project.yml")).flags.send_anonymous_usage_stats, false);
	const quiet = { DBT_SEND_ANONYMOUS_USAGE_STATS: "false", DO_NOT_TRACK: "1" };
	t.match(gateEnv("postgres://a@b/c"), quiet);
	t.match(parse(text("ci/dbt.yml")).jobs.gate.env, quiet);
	t.end();
});

t.test("contracts and tests hang on the one switch that the twin turns off", (t) => {
	const config = parse(text("dbt_project.yml"));
	const places = [
		config.models.shop["+contract"].enforced,
		config.data_tests.shop["+enabled"],
		config.unit_tests.shop["+enabled"],
	];
	for (const place of places) t.equal(place, "{{ var('contracts', true) | as_bool }}");
	t.end();
});

t.test("every model has a contract, with a type for each column", (t) => {
	const models = globSync("models/**/*.sql", { cwd: fileURLToPath(project) })
		.map((file) => file.replace(/^.*\//, "").replace(/(_v\d+)?\.sql$/, ""))
		.sort();
	const stated = [...staging, ...marts];
	t.same([...new Set(models)], stated.map(({ name }) => name).sort());
	for (const { name, columns } of stated)
		for (const column of columns) t.ok(column.data_type, `${name}.${column.name}`);
	t.end();
});
