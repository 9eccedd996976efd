import "../bare-node.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { quickLooks } from "../../../daemon/compare/looks.ts";
import { describeFile } from "../../../daemon/host/catalog.ts";
import type { RunRequest } from "../../../daemon/runs/run-mode.ts";
import { managerRig } from "../stage/fake-stack.ts";
import { someone } from "../stage/someone.ts";

const file = fileURLToPath(
	new URL("../../fixtures/scenarios/external.scenario.ts", import.meta.url),
);
const external = await describeFile(file);

t.test("a run whose service does not run is refused where it was asked for", async (t) => {
	const { runs } = managerRig(t);
	const api = await someone(t);
	await api.stop();
	await t.rejects(runs.start(external, { url: api.url }), {
		code: "FLT_COMPONENT_MISSING",
		message: /^path "api": nothing answers at http:.*; tried: a GET: .*ECONNREFUSED/,
		hint: /start it/,
	});
	await t.rejects(runs.start(external, { url: "https://127.0.0.1" }), { code: "FLT_PLAN_INVALID" });
	await t.rejects(runs.start(external, { url: "redis://127.0.0.1:1" }), {
		code: "FLT_PLAN_INVALID",
		message: /driver "http" can't speak to "api", which is redis/,
	});
	t.same(runs.list(10, null), []);
});

t.test("a port of a path that somebody has is refused, and so is one for two sides", async (t) => {
	const { runs } = managerRig(t);
	const [api, other] = [await someone(t), await someone(t)];
	const given = { url: api.url, port: other.port };
	await t.rejects(runs.start(external, given), {
		code: "FLT_PORT_TAKEN",
		message: new RegExp(`port ${other.port} .* is taken by pid ${other.process.pid}`),
	});
	await other.stop();
	const variants = { a: { params: {}, urls: {} }, b: { params: {}, urls: {} } };
	const shape = { kind: "turns", warmMs: 1, turnMs: 1, turns: 1 } as const;
	const duet: RunRequest = { kind: "duet", plan: { shape, looks: quickLooks }, variants };
	await t.rejects(runs.start(external, given, duet), {
		code: "FLT_PLAN_INVALID",
		message: /the two sides of a duet are there at once/,
	});
	const allowed = { ...variants, b: { params: { allowDestructive: true }, urls: {} } };
	await t.rejects(runs.start(external, given, { ...duet, variants: allowed }), {
		code: "FLT_USAGE",
		message: /a side of a duet has allowDestructive/,
	});
});

t.test("an exploration that could draw what nobody allowed is not begun", async (t) => {
	const { runs } = managerRig(t);
	const api = await someone(t);
	const given = { url: api.url, fault: "freeze" };
	const mode: RunRequest = { kind: "explore", budgetMs: 1_000 };
	await t.rejects(runs.start(external, given, mode), { code: "FLT_FORBIDDEN" });
	await t.rejects(runs.start(external, { ...given, pid: 1, allowDestructive: true }, mode), {
		code: "FLT_FORBIDDEN",
		message: /the first process of the machine/,
	});
});

t.test("what is secret in a parameter's URL is used, and comes into no record", async (t) => {
	const { runs, home } = managerRig(t);
	const api = await someone(t);
	const url = api.url.replace("//", "//me:sesame@");
	const run = await runs.start(external, { url });
	t.equal(run.document.params.url, url.replace("sesame", "***"));
	t.match(run.document.changed, { url: /\*\*\*/ });
	await run.stop("seen");
	const record = ["run.json", "events.ndjson"].map((name) =>
		readFileSync(join(home.runs, run.id, name), "utf8"),
	);
	t.notMatch(record.join(), "sesame");
});
