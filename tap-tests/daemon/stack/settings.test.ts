import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { loadConfig, resolveSettings, type SettingSources } from "../../../daemon/settings.ts";

function resolve(given: Partial<SettingSources> = {}) {
	return resolveSettings({
		flags: {},
		env: {},
		config: {},
		folder: "/work",
		platform: "linux",
		userFolder: "/home/me",
		...given,
	});
}

t.test("without any setting it listens on loopback and everything is native", async (t) => {
	t.same(resolve(), {
		port: 7070,
		host: "127.0.0.1",
		token: null,
		allowedHosts: [],
		home: "/work/.faultline",
		cache: "/home/me/.cache/faultline",
		baselines: null,
		keepRuns: 1_000,
		keepDays: 30,
		services: ["postgres", "redis", "kafka"],
		postgresUrl: null,
		redisUrl: null,
		kafkaBrokers: null,
		brokers: 1,
		toxiproxyUrl: null,
		serviceIdleS: 300,
		nightly: {
			allowDestructive: false,
			at: null,
			timeZone: null,
			scenarios: null,
			duets: [],
			budgetMs: 3 * 3_600_000,
			size: "default",
			seed: 1,
			webhook: null,
		},
		alerts: {
			sinks: [],
			incoming: { evaluationMs: 60_000, resolveTimeoutMs: 300_000, rules: {} },
		},
	});
});

t.test("a flag wins over the environment, that over the file, that over the default", async (t) => {
	const flags = { port: "1" };
	const env = { FAULTLINE_PORT: "2" };
	const config = { port: 3 };
	t.equal(resolve({ flags, env, config }).port, 1);
	t.equal(resolve({ env, config }).port, 2);
	t.equal(resolve({ config }).port, 3);
	t.equal(resolve({ env: { FAULTLINE_PORT: "" }, config }).port, 3, "empty is not set");
});

t.test("folders count from the folder of start, the cache from the user's", async (t) => {
	t.equal(resolve({ env: { FAULTLINE_HOME: "here" } }).home, "/work/here");
	t.equal(resolve({ flags: { home: "/there" } }).home, "/there");
	t.equal(resolve({ env: { FAULTLINE_BASELINES: "good" } }).baselines, "/work/good");
	t.equal(resolve({ env: { XDG_CACHE_HOME: "/cache" } }).cache, "/cache/faultline");
	t.equal(resolve({ platform: "darwin" }).cache, "/home/me/Library/Caches/faultline");
});

t.test("lists are given with commas, or as lists in the file", async (t) => {
	t.same(resolve({ env: { FAULTLINE_KAFKA_BROKERS: "a:1, b:2" } }).kafkaBrokers, ["a:1", "b:2"]);
	t.same(resolve({ env: { FAULTLINE_KAFKA_BROKERS: "[::1]:1" } }).kafkaBrokers, ["[::1]:1"]);
	const secured = "kafka://u:p@a:1,b:2?sasl=scram-sha-256&tls=true";
	t.same(resolve({ env: { FAULTLINE_KAFKA_BROKERS: secured } }).kafkaBrokers, [secured]);
	t.same(resolve({ config: { allowedHosts: ["box.local", "other:80"] } }).allowedHosts, [
		"box.local",
		"other:80",
	]);
});

const refused: [why: string, given: Partial<SettingSources>, told: RegExp][] = [
	["a port beyond the last", { flags: { port: 65_536 } }, /--port is "65536"; allowed: .*65535/],
	["not a number", { env: { FAULTLINE_PORT: "http" } }, /FAULTLINE_PORT is "http"/],
	["another protocol", { flags: { postgresUrl: "mysql://h/d" } }, /--postgres-url is "mysql:/],
	["no host", { flags: { redisUrl: "redis://" } }, /--redis-url/],
	["a broker without port", { flags: { kafkaBrokers: "a" } }, /--kafka-brokers is "a"/],
	[
		"a URL of brokers with a topic",
		{ flags: { kafkaBrokers: "kafka://u:p@a:1/t" } },
		/kafka:\/\/u:\*\*\*@a:1/,
	],
	[
		"a URL of brokers with what it does not know",
		{ flags: { kafkaBrokers: "kafka://a?acks=1" } },
		/ca=FILE/,
	],
	["no brokers", { config: { kafkaBrokers: [] } }, /kafkaBrokers in faultline.config.ts/],
	["two brokers", { flags: { brokers: "2" } }, /--brokers is "2"; allowed: 1 or 3/],
	["no broker", { env: { FAULTLINE_KAFKA_NODES: "0" } }, /FAULTLINE_KAFKA_NODES is "0"/],
	["reachable without token", { flags: { host: "0.0.0.0" } }, /FAULTLINE_TOKEN must be set/],
	["a misspelt line", { config: { prot: 1 } }, /no setting "prot"; did you mean "port"/],
];
for (const [why, given, told] of refused)
	t.test(`refused with source, value and what is allowed: ${why}`, async (t) => {
		t.throws(() => resolve(given), { code: "FLT_USAGE", message: told });
	});

t.test("all that is wrong is told at once, secrets left out", async (t) => {
	const given = {
		flags: { port: "x", postgresUrl: "http://me:secret@h/" },
		env: { FAULTLINE_TOKEN: "too short" },
	};
	try {
		resolve(given);
		t.fail("must be refused");
	} catch (error) {
		const { message } = error as Error;
		t.match(message, /--port.*\n.*FAULTLINE_TOKEN is "\*\*\*".*\n.*--postgres-url/);
		t.notMatch(message, /secret|too short/);
	}
});

t.test("a token opens it to others", async (t) => {
	const env = { FAULTLINE_TOKEN: "0123456789abcdef" };
	t.equal(resolve({ flags: { host: "0.0.0.0" }, env }).host, "0.0.0.0");
});

t.test("the file in the folder of start is read, and named when it is broken", async (t) => {
	const folder = t.testdir({
		good: { "faultline.config.ts": "export default { port: 1 as number };" },
		bad: { "faultline.config.ts": "export const port = 1;" },
		none: {},
	});
	t.same(await loadConfig(join(folder, "good")), { port: 1 });
	t.same(await loadConfig(join(folder, "none")), {});
	await t.rejects(loadConfig(join(folder, "bad")), { code: "FLT_USAGE", message: /bad.*default/ });
	writeFileSync(join(folder, "none", "faultline.config.ts"), "export default {");
	await t.rejects(loadConfig(join(folder, "none")), { code: "FLT_USAGE" });
});
