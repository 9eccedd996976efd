import t from "tap";
import { FaultlineError } from "../../../base/errors.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { asExpected, pairs, performed, readySteps } from "./fake-suite.ts";

/** Field names of a document as a tree; of lists, those of the first item. */
function shapeOf(value: unknown): unknown {
	if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
	if (typeof value !== "object" || value === null) return value === null ? null : typeof value;
	return Object.fromEntries(
		Object.entries(value).map(([name, own]) => [name, shapeOf(own)] as const),
	);
}

t.test("the document has the fields that others read", async (t) => {
	const { document } = await performed();
	const [text, number] = ["string", "number"];
	t.equal(document.schema, 1);
	t.same(shapeOf(document), {
		schema: number,
		id: text,
		suite: text,
		file: text,
		about: { title: text, question: text },
		given: { size: text },
		seedDrawn: "boolean",
		state: text,
		startedAt: text,
		endedAt: text,
		outcome: text,
		exitCode: number,
		headline: text,
		stopped: null,
		steps: [
			{
				scenario: text,
				params: { guard: text },
				expect: text,
				outcome: text,
				why: text,
				run: {
					runId: text,
					state: text,
					verdict: text,
					expect: text,
					asExpected: "boolean",
					reasons: [],
					before: [],
					failed: [],
					tookMs: number,
				},
				error: null,
			},
		],
		table: {
			values: [{ heading: text, unit: text }],
			columns: [text],
			rows: [{ heading: text, cells: [[number]] }],
		},
		notes: [],
		environment: { fingerprint: text, cpu: text, cores: number, memoryBytes: number, kernel: text },
		versions: { faultline: text },
		suiteHash: text,
	});
});

t.test("steps run in order, with what they set before what the suite was given", async (t) => {
	const steps = readySteps(pairs).with(0, {
		...readySteps(pairs)[0]!,
		params: { guard: "on", size: "large" },
	});
	const { document, asked } = await performed({ steps });
	t.same(
		asked.map(({ scenario, given }) => [scenario, given]),
		[
			["echo", { size: "large", guard: "on" }],
			["echo", { size: "small", guard: "off" }],
			["cdc", { size: "small", guard: "on" }],
			["cdc", { size: "small", guard: "off" }],
		],
	);
	t.same(
		asked.map(({ request }) => request.kind === "scenario" && request.expect),
		["passed", "failed", "passed", "failed"],
	);
	t.match(document, {
		state: "done",
		outcome: "as_expected",
		exitCode: 0,
		stopped: null,
		headline: "all 4 as expected, 4 at the first try",
		endedAt: "2026-02-01T03:01:30.000Z",
	});
	t.same(
		document.steps.map(({ run }) => run?.runId),
		["run-1", "run-2", "run-3", "run-4"],
	);
});

t.test("what is known so far is kept before and after every step, and is no whole", async (t) => {
	const { document, saved } = await performed();
	t.equal(saved.length, 5);
	t.same(
		saved.map(({ headline, state, exitCode, steps }) => [
			headline,
			state,
			exitCode,
			steps.filter(({ outcome }) => outcome !== null).length,
		]),
		[
			["echo guard=on (1 of 4)", "running", null, 0],
			["echo guard=off (2 of 4)", "running", null, 1],
			["cdc guard=on (3 of 4)", "running", null, 2],
			["cdc guard=off (4 of 4)", "running", null, 3],
			["all 4 as expected, 4 at the first try", "done", 0, 4],
		],
	);
	t.same(saved.at(-1), document);
});

t.test("outcome and exit code are the worst of the steps", async (t) => {
	const missing = new FaultlineError("FLT_COMPONENT_MISSING", "kafka is missing", "");
	const wrong = new FaultlineError("FLT_PLAN_INVALID", "no path", "");
	const end =
		(given: Partial<RunDocument> | Error) => (asked: Parameters<typeof asExpected>[0], n: number) =>
			n !== 2
				? asExpected(asked, n)
				: given instanceof Error
					? given
					: { ...asExpected(asked, n), ...given };
	const heal = { code: "heal_failed", message: "m" } as const;
	const rows: [given: Partial<RunDocument> | Error, code: number, outcome: string, why: string][] =
		[
			[
				{ verdict: "passed", asExpected: false },
				10,
				"not_as_expected",
				"it passed, and failed was",
			],
			[{ verdict: "invalid", asExpected: false }, 12, "invalid", "the run is invalid"],
			[{ verdict: "invalid", asExpected: false, reasons: [heal] }, 14, "invalid", "heal_failed"],
			[missing, 13, "not_run", "kafka is missing"],
			[wrong, 12, "not_run", "no path"],
		];
	for (const [given, code, outcome, why] of rows) {
		const { document, asked } = await performed({ answer: end(given) });
		t.match(document, { exitCode: code, outcome, state: "done", stopped: null });
		t.match(document.steps[1], { outcome, why: new RegExp(why) });
		t.match(document.headline, /^1 .* \(echo guard=off\); 3 of 4 as expected, 3 at the first try$/);
		t.equal(asked.length, 4, "the others run");
	}
});

t.test("a step without its scenario is told, and the others run", async (t) => {
	const error = { code: "FLT_SCENARIO_UNKNOWN", message: 'no scenario "ehco"' };
	const steps = readySteps(pairs).with(0, {
		scenario: "ehco",
		params: {},
		expect: "passed",
		error,
	});
	const { document, asked } = await performed({ steps });
	t.equal(asked.length, 3);
	t.match(document.steps[0], { outcome: "not_run", run: null, error, why: error.message });
	t.match(document, { outcome: "not_run", exitCode: 12 });
	t.same(document.table?.rows[0]?.cells[0], [null, null, null], "its place in the table is empty");
	t.same(document.table?.rows[0]?.cells[1], [null, "lost rows", 12345]);
});

t.test("stopped, it ends with what was done", async (t) => {
	const { document, asked } = await performed({
		stopAfter: 2,
		answer: (asked, n) =>
			n === 1
				? asExpected(asked, n)
				: {
						...asExpected(asked, n),
						state: "aborted",
						verdict: "invalid",
						asExpected: false,
						reasons: [{ code: "stopped", message: "stopped by request" }],
					},
	});
	t.equal(asked.length, 2);
	t.match(document, {
		state: "stopped",
		stopped: "stopped by request",
		exitCode: 12,
		outcome: "invalid",
		headline: /it ended early: stopped by request; 1 of 4 as expected, 1 at the first try$/,
	});
	t.same(
		document.steps.map(({ outcome }) => outcome),
		["as_expected", "invalid", "not_run", "not_run"],
	);
	t.match(document.steps[3], { why: "stopped by request", error: { code: "FLT_CONFLICT" } });
	t.equal(document.table?.rows.length, 2, "and the table of it");
});

t.test("a stop that came too late to end anything leaves a whole suite", async (t) => {
	const { document } = await performed({ stopAfter: 4 });
	t.match(document, { state: "done", stopped: null, exitCode: 0 });
});

t.test("a table that can't be had is told, and changes no outcome", async (t) => {
	const { document } = await performed({
		table: async () => ({ ok: false, message: "it took longer than 10 s" }),
	});
	t.match(document, { table: null, notes: ["there is no table: it took longer than 10 s"] });
	t.match(document, { outcome: "as_expected", exitCode: 0 });
	let asked = 0;
	const none = await performed({
		suite: { ...pairs, values: null },
		table: async () => ({ ok: false, message: `asked ${++asked} times` }),
	});
	t.match(none.document, { table: null, notes: [] });
	t.equal(asked, 0, "a suite without a table is asked for none");
});
