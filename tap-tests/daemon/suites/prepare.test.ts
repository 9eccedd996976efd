import t from "tap";
import { FaultlineError } from "../../../base/errors.ts";
import type { SuiteDescription } from "../../../daemon/host/protocol.ts";
import { prepareSuite } from "../../../daemon/suites/prepare.ts";
import { described } from "../nightly/fake-work.ts";
import { pairs } from "./fake-suite.ts";

const params = {
	type: "object",
	properties: { ratePerSec: { type: "number", default: 10, minimum: 1, maximum: 50 } },
};

/** Scenarios of which `echo` has a rate, and `cdc` neither that nor a twin. */
function rig() {
	const asked: string[] = [];
	const describe = async (scenario: string) => {
		asked.push(scenario);
		if (scenario === "echo") return { ...described("echo", true), params };
		if (scenario === "cdc" || scenario.startsWith("/")) return described(scenario);
		throw new FaultlineError("FLT_SCENARIO_UNKNOWN", `no scenario "${scenario}"`, "");
	};
	return { asked, describe };
}

const suiteOf = (
	...steps: [scenario: string, params: SuiteDescription["steps"][0]["params"]][]
) => ({
	...pairs,
	steps: steps.map(([scenario, params], i) => ({
		scenario,
		params,
		expect: null,
		row: `${i}`,
		column: "",
	})),
});

t.test("each scenario is looked for once, a file as seen from the suite's", async (t) => {
	const { asked, describe } = rig();
	const suite = suiteOf(["echo", {}], ["echo", { guard: "off" }], ["./mine.scenario.ts", {}]);
	const { steps, given } = await prepareSuite(suite, { size: "small" }, describe);
	t.same(asked, ["echo", "/scenarios/mine.scenario.ts"]);
	t.same(given, { size: "small" });
	t.match(steps, [
		{ scenario: "echo", expect: "passed", description: { name: "echo" } },
		{ scenario: "echo", params: { guard: "off" }, expect: "failed" },
		{ scenario: "./mine.scenario.ts" },
	]);
});

t.test("what a step says is expected comes before what its guard says", async (t) => {
	const suite = suiteOf(["echo", {}], ["echo", { guard: "on" }]);
	suite.steps[1] = { ...suite.steps[1]!, ...({ expect: "failed" } as object) };
	const { steps } = await prepareSuite(suite, { guard: "off" }, rig().describe);
	t.same(
		steps.map(({ expect }) => expect),
		["failed", "failed"],
		"a guard that all steps are given counts too",
	);
});

t.test("what no scenario takes is refused, naming every step it is wrong in", async (t) => {
	const suite = suiteOf(["echo", { ratePerSec: 99 }], ["cdc", { guard: "off" }], ["echo", {}]);
	await t.rejects(prepareSuite(suite, { rate: 5 }, rig().describe), {
		code: "FLT_PARAM_INVALID",
		message:
			/^step 1, echo ratePerSec=99: no parameter "rate".*must be at most 50.*; step 2, cdc guard=off: .*no naive twin.*; step 3, echo: no parameter "rate"/,
	});
	const six = suiteOf(
		...Array.from({ length: 7 }, () => ["echo", {}] as [string, Record<string, string>]),
	);
	await t.rejects(prepareSuite(six, { rate: 5 }, rig().describe), { message: /; and 2 more$/ });
});

t.test("what the suite is given is not held against a step that sets it itself", async (t) => {
	const suite = suiteOf(["echo", { ratePerSec: 5, seed: 3 }]);
	const asked = { ratePerSec: 9_999, seed: 4 };
	const { steps } = await prepareSuite(suite, asked, rig().describe);
	t.equal(steps.length, 1);
});

t.test("a scenario that is not to be had is told in its step, and refuses nothing", async (t) => {
	const { steps } = await prepareSuite(suiteOf(["ehco", {}], ["cdc", {}]), {}, rig().describe);
	t.match(steps, [
		{ error: { code: "FLT_SCENARIO_UNKNOWN", message: 'no scenario "ehco"' } },
		{ description: { name: "cdc" } },
	]);
});

t.test(
	"what may be broken for good is allowed by who starts the suite, and by no step",
	async (t) => {
		const suite = suiteOf(["echo", {}]);
		const { given } = await prepareSuite(suite, { allowDestructive: true }, rig().describe);
		t.same(given, { allowDestructive: true });
		const step = suiteOf(["cdc", {}], ["echo", { allowDestructive: true }]);
		await t.rejects(prepareSuite(step, {}, rig().describe), {
			code: "FLT_PARAM_INVALID",
			message: /^step 2, echo .*: allowDestructive is no step's to say/,
		});
	},
);

t.test("a random seed is drawn once, for all steps", async (t) => {
	const suite = suiteOf(["echo", {}], ["cdc", {}]);
	const ready = await prepareSuite(suite, { seed: "random" }, rig().describe);
	t.equal(ready.seedDrawn, true);
	t.type(ready.given.seed, "number");
	t.equal((await prepareSuite(suite, { seed: 7 }, rig().describe)).seedDrawn, false);
});
