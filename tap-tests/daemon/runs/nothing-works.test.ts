import "../bare-node.ts";
import { fileURLToPath } from "node:url";
import t from "tap";
import { describeFile } from "../../../daemon/host/catalog.ts";
import type { ScenarioDescription } from "../../../daemon/host/protocol.ts";
import { managerRig } from "../stage/fake-stack.ts";

// What is said of a run in which nothing works at all: never that it passed.

const file = fileURLToPath(
	new URL("../../fixtures/scenarios/nothing-works.scenario.ts", import.meta.url),
);
let orders: ScenarioDescription;
t.jobs = 3;

t.before(async () => {
	orders = await describeFile(file);
});

const rows: [how: string, verdict: string, codes: string[], said: RegExp][] = [
	["works", "passed", [], /^/],
	[
		...(["subject ends", "failed", ["subject_ended"]] as const),
		/shop ended by itself .* with code 3: Error: the shop is closed; its log is subjects\/shop\.log/,
	] as never,
	["refused", "invalid", ["nothing_ok", "cannot_tell"], /due none succeeded: Error \d+/],
	["away", "invalid", ["nothing_ok", "cannot_tell"], /due none succeeded: deadline \d+/],
	["nothing due", "invalid", ["nothing_ok"], /no operation was due/],
	["empty journal", "invalid", ["cannot_tell"], /of 0 accepted orders 0 are lost; nothing was/],
];
for (const [how, verdict, codes, said] of rows)
	t.test(`${how}: ${verdict}`, async (t) => {
		const { runs } = managerRig(t);
		const document = await (await runs.start(orders, { how })).ended;
		const text = document.reasons.map(({ message }) => message).join("; ");
		// Where something works the machine may still have its say.
		if (codes.length > 0) t.equal(document.verdict, verdict, text);
		else t.notMatch(text, /succeeded|was due|nothing was there|ended by itself/);
		for (const code of codes)
			t.ok(
				document.reasons.some((reason) => reason.code === code),
				`${code} is among ${JSON.stringify(document.reasons)}`,
			);
		t.match(text, said);
	});

t.test("what a scenario tolerates by name does not speak against it", async (t) => {
	const { runs } = managerRig(t);
	const tolerant: ScenarioDescription = { ...orders, tolerates: ["subject_ended"] };
	const document = await (await runs.start(tolerant, { how: "subject ends" })).ended;
	t.equal(document.verdict, "passed", JSON.stringify(document.reasons));
});
