import "../bare-node.ts";
import { fileURLToPath } from "node:url";
import t from "tap";
import { describeFile } from "../../../daemon/host/catalog.ts";
import type { ScenarioDescription } from "../../../daemon/host/protocol.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { managerRig } from "../stage/fake-stack.ts";

const file = fileURLToPath(
	new URL("../../fixtures/scenarios/late-steady.scenario.ts", import.meta.url),
);
let late: ScenarioDescription;
t.before(async () => {
	late = await describeFile(file);
});
t.jobs = 3;

const codes = ({ reasons }: RunDocument) => reasons.map(({ code }) => code);
const steadyOf = ({ phases }: RunDocument) => phases.find(({ name }) => name === "steady")!;
const lengthMs = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => toMs - fromMs;

t.test("steady state that comes late is waited for, and its work is told its phase", async (t) => {
	const { runs } = managerRig(t);
	const document = await (await runs.start(late, {})).ended;
	t.notOk(codes(document).includes("steady_not_reached"), JSON.stringify(document.reasons));
	// Work is slow for the first 350 ms of steady; then three intervals have to hold.
	t.ok(lengthMs(steadyOf(document)) >= 350 + 3 * 50, JSON.stringify(document.phases));
	t.match(document.checks, [{ id: "phases-agree", outcome: "held" }]);
});

t.test("it is waited for until its limit", async (t) => {
	const { runs } = managerRig(t);
	const run = await runs.start(late, { slowMs: 60_000, steadyLimitMs: 300 });
	const document = await run.ended;
	// Of what never succeeds there is nothing to tell either.
	t.ok(codes(document).includes("steady_not_reached"), JSON.stringify(document.reasons));
	t.ok(lengthMs(steadyOf(document)) >= 300, JSON.stringify(document.phases));
});

t.test("an arrival that counts on its time moves nothing", async (t) => {
	const { runs } = managerRig(t);
	const run = await runs.start(late, { arrival: "spike", slowMs: 60_000 });
	const document = await run.ended;
	t.ok(codes(document).includes("steady_not_reached"), JSON.stringify(document.reasons));
	t.ok(lengthMs(steadyOf(document)) < 10_000, "though it might have lasted so long");
});
