import t from "tap";
import type { FaultSpec } from "../../../chaos/fault.ts";
import { foundFile } from "../../../daemon/explore/found-file.ts";
import { runDocument } from "../record/run-document.ts";

const faults: FaultSpec[] = [
	{ kind: "kill", on: "store", params: {}, fromMs: 600, toMs: 900 },
	{ kind: "latency", on: "db", params: { latencyMs: 50 }, fromMs: 100, toMs: 1_300 },
];
const document = runDocument({
	scenario: "forgetful",
	file: "/work/shop/forgetful.scenario.ts",
	params: { seed: 7, size: "small", guard: "on", lostMax: 0 },
	exploration: {
		seed: 7,
		budgetMs: 10_000,
		tookMs: 5_000,
		trials: [],
		flaky: [],
		found: faults,
		confirmed: 3,
	},
});

t.test("a found file imports what it needs, and its scenario from where that lies", async (t) => {
	for (const [at, base] of [
		["/work/shop/found.scenario.ts", "./forgetful.scenario.ts"],
		["/work/shop/found/one.scenario.ts", "../forgetful.scenario.ts"],
		["/work/found.scenario.ts", "./shop/forgetful.scenario.ts"],
	] as const) {
		const text = foundFile(document, at);
		t.match(text, /^import \{ found \} from "faultline";\n/);
		t.match(text, `import base from "${base}";`);
		t.match(text, `export default found(base, import.meta.resolve("${base}"), {`);
	}
});

t.test("it has the whole timeline that was found, and says how it was", async (t) => {
	const text = foundFile(document, "/work/shop/found.scenario.ts");
	const [, trial] = /import\.meta\.resolve\([^)]*\), (\{[\s\S]*\})\);\n$/.exec(text)!;
	t.match(JSON.parse(trial!), { title: /^forgetful, broken by /, faults });
	t.match(text, /seed 7\) with \{.*"lostMax":0\}: the smallest timeline, of 1300 ms/);
});
