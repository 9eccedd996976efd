import t from "tap";
import { FaultlineError } from "../../../base/errors.ts";
import { quickLooks } from "../../../daemon/compare/looks.ts";
import { appendNight, readNights } from "../../../daemon/compare/nights.ts";
import { readRatios } from "../../../daemon/nightly/changes.ts";
import type { NightlyDocument } from "../../../daemon/nightly/document.ts";
import { performNightly } from "../../../daemon/nightly/perform-nightly.ts";
import type { DuetEntry, NightlyPlan } from "../../../daemon/nightly/settings.ts";
import { nightlyAsText } from "../../../daemon/nightly/text.ts";
import { doneRun } from "../compare/accepted.ts";
import { described, duetRun, fakeWork, plan } from "./fake-work.ts";
import { nights, twin } from "./night.ts";

const perform = (
	{ work }: ReturnType<typeof fakeWork>,
	given: Partial<NightlyPlan> = {},
): Promise<NightlyDocument> =>
	performNightly(
		{
			id: "n",
			night: "2026-02-01",
			askedBy: "person",
			missed: [],
			plan: { ...plan, ...given },
		},
		work,
	);

t.test(
	"every scenario runs, a guarded one with its twin, with size and seed as asked",
	async (t) => {
		const rig = fakeWork(t.testdir(), {
			scenarios: [described("echo", true), described("cdc")],
			answer: ({ given }, n) => ({
				...(given.guard === "off" ? twin : doneRun()),
				runId: `run-${n}`,
			}),
		});
		const night = await perform(rig, { size: "small", seed: 7 });
		t.same(
			rig.asked.map(({ scenario, given }) => [scenario, given]),
			[
				["echo", { size: "small", seed: 7, guard: "on" }],
				["echo", { size: "small", seed: 7, guard: "off" }],
				["cdc", { size: "small", seed: 7 }],
			],
		);
		t.same(rig.steps, ["echo 1/3", "echo guard=off 2/3", "cdc 3/3"]);
		t.match(night, { exitCode: 0, headline: /^all 3 as expected/, plan: { size: "small" } });
		t.notOk("webhook" in night.plan, "the secret stays out of the summary");
	},
);

t.test("a night breaks for good only what it was allowed by hand, and says so", async (t) => {
	const rig = fakeWork(t.testdir(), { scenarios: [described("echo")] });
	const night = await perform(rig, { allowDestructive: true });
	t.match(rig.asked, [{ given: { allowDestructive: true } }]);
	t.match(nightlyAsText(night), /allowed to break what Faultline had not started/);
	t.notMatch(nightlyAsText(await perform(rig)), /allowed to break/);
});

t.test(
	"a selection runs alone; what is not there is told, and keeps nothing from running",
	async (t) => {
		const rig = fakeWork(t.testdir(), { scenarios: [described("echo"), described("cdc")] });
		const night = await perform(rig, { scenarios: ["cdk", "cdc"] });
		t.same(
			rig.asked.map(({ scenario }) => scenario),
			["cdc"],
		);
		t.match(night.results, [
			{ scenario: "cdk", outcome: "not_run", error: { code: "FLT_SCENARIO_UNKNOWN" }, run: null },
			{ scenario: "cdc", outcome: "as_expected" },
		]);
		t.equal(night.exitCode, 12);
	},
);

t.test("a broken scenario and a missing component are told, the others run", async (t) => {
	const missing = new FaultlineError("FLT_COMPONENT_MISSING", "kafka is missing", "get it");
	const rig = fakeWork(t.testdir(), {
		scenarios: ["torn", described("cdc"), described("echo")],
		answer: ({ scenario }) => (scenario === "cdc" ? missing : doneRun()),
	});
	const night = await perform(rig);
	t.match(night.results, [
		{ scenario: "torn", error: { code: "FLT_SCENARIO_BROKEN", message: "no end" } },
		{ scenario: "cdc", error: { code: "FLT_COMPONENT_MISSING" } },
		{ scenario: "echo", outcome: "as_expected" },
	]);
	t.equal((await perform(fakeWork(t.testdir(), { answer: () => missing }))).exitCode, 13);
});

t.test("a suspicion is run twice more at once; a repeat that is well ends it", async (t) => {
	const amplifications = (...values: number[]) =>
		fakeWork(t.testdir(), {
			answer: (_, n) => doneRun({ amplification: values[n - 1]! }, { runId: `run-${n}` }),
		});
	const sure = amplifications(3, 3, 3, 3);
	t.match(await perform(sure), { exitCode: 11, results: [{ repeats: ["run-2", "run-3"] }] });
	t.equal(sure.asked.length, 3);
	const mild = amplifications(3, 1.02, 3);
	t.match(await perform(mild), { exitCode: 0, results: [{ repeats: ["run-2"] }] });
	t.equal(mild.asked.length, 2);
});

t.test("each night is kept, but for twins and runs that did not end well", async (t) => {
	const folder = t.testdir();
	const answer = ({ scenario, given }: { scenario: string; given: Record<string, unknown> }) =>
		scenario === "cdc"
			? doneRun({}, { verdict: "invalid", asExpected: false })
			: given.guard === "off"
				? twin
				: doneRun({ p50Us: 10_500 });
	const scenarios = [described("echo", true), described("cdc")];
	await perform(fakeWork(folder, { scenarios, answer }));
	t.match(readNights(folder, "echo"), [
		{ night: "2026-02-01", values: { orders_steady_response_p50_us: 10_500 } },
	]);
	t.equal(readNights(folder, "echo").length, 1);
	t.same(readNights(folder, "cdc"), []);
});

t.test("a regression of a machine metric is found by the nights that are kept", async (t) => {
	const folder = t.testdir();
	for (const night of nights) appendNight(folder, "echo", night);
	const answer = () => doneRun({ p50Us: 14_000 });
	const night = await perform(fakeWork(folder, { answer }));
	t.match(night, { exitCode: 11, judgedByHistory: 1, headline: /^1 regressed \(echo\)/ });
});

t.test("nights that crept to another level are told, and fail nothing", async (t) => {
	const folder = t.testdir();
	for (const [n, night] of [...nights, ...nights].entries()) {
		const p50Us = (n < 12 ? 10_000 : 10_900) + (n % 2 === 0 ? 100 : -100);
		const values = { ...night.values, orders_steady_response_p50_us: p50Us };
		appendNight(folder, "echo", { ...night, night: `night-${n}`, runId: `${n}`, values });
	}
	const night = await perform(fakeWork(folder, { answer: () => doneRun({ p50Us: 10_800 }) }));
	t.match(night, {
		exitCode: 0,
		changes: [{ metric: "orders_steady_response_p50_us", night: "night-12", worsePct: /^[89]/ }],
	});
});

const entry: DuetEntry = {
	scenario: "echo",
	a: { retries: 1 },
	b: { retries: 3 },
	shape: { kind: "turns", warmMs: 1, turnMs: 2, turns: 3 },
};

t.test(
	"duets come after the scenarios, with the quick looks, and a pair of A with itself",
	async (t) => {
		const folder = t.testdir();
		const rig = fakeWork(folder, {
			scenarios: [described("echo"), described("cdc")],
			answer: ({ request }, n) =>
				request.kind === "duet"
					? duetRun("regressed", [0.25, 0.25, 0.25], { runId: `duet-${n}` })
					: doneRun(),
		});
		const night = await perform(rig, { duets: [entry] });
		t.same(rig.steps, ["echo 1/3", "cdc 2/3", "duet of echo: retries=3 against retries=1 3/3"]);
		const variant = (params: object) => ({ params, urls: {} });
		t.same(rig.asked[2]?.request, {
			kind: "duet",
			plan: { shape: entry.shape, looks: quickLooks },
			variants: { a: variant(entry.a), b: variant(entry.b) },
		});
		t.match(rig.asked[3]?.request, {
			plan: { looks: [{ pairs: 1 }] },
			variants: { a: variant(entry.a), b: variant(entry.a) },
		});
		t.match(night, {
			exitCode: 11,
			outcome: "regressed",
			duets: [{ told: "regressed", pairs: 3, runId: "duet-3", noiseRunId: "duet-4" }],
		});
		const [ratio] = readRatios(folder, "echo");
		t.match(ratio, { night: "2026-02-01", runId: "duet-3", worseLog: { "orders.p50": 0.25 } });
	},
);

t.test("a duet that can't tell fails nothing; one that did not end is invalid", async (t) => {
	const night = (answer: () => ReturnType<typeof duetRun> | Error) =>
		perform(
			fakeWork(t.testdir(), {
				answer: ({ request }) => (request.kind === "duet" ? answer() : doneRun()),
			}),
			{ duets: [entry] },
		);
	t.match(await night(() => duetRun("cannot_tell", [0.1])), {
		exitCode: 0,
		duets: [{ outcome: "as_expected", told: "cannot_tell" }],
	});
	t.match(await night(() => doneRun({}, { state: "crashed", verdict: "failed" })), {
		exitCode: 12,
		duets: [{ outcome: "invalid", why: /crashed/ }],
	});
	t.match(await night(() => new Error("no such parameter")), {
		exitCode: 12,
		duets: [{ outcome: "invalid", why: "no such parameter" }],
	});
});

t.test("ratios that changed their level over the nights are told", async (t) => {
	const folder = t.testdir();
	const duets = [entry];
	let level = 0;
	for (let n = 0; n < 12; n++) {
		level = n < 6 ? 0 : 0.06;
		const wobble = n % 2 === 0 ? 0.005 : -0.005;
		const night = await perform(
			fakeWork(folder, {
				answer: ({ request }) =>
					request.kind === "duet" ? duetRun("same", [level + wobble]) : doneRun(),
			}),
			{ duets },
		);
		const ratios = night.changes.filter(({ series }) => series === "ratios");
		if (n < 6) t.same(ratios, []);
		else if (n === 11) t.match(ratios, [{ metric: "orders.p50", worsePct: /^[56]\./ }]);
		t.equal(night.exitCode, 0);
	}
	const other = await perform(
		fakeWork(folder, {
			answer: ({ request }) => (request.kind === "duet" ? duetRun("same", [0.06]) : doneRun()),
		}),
		{ duets: [{ ...entry, a: { retries: 2 } }] },
	);
	t.same(
		other.changes.filter(({ series }) => series === "ratios"),
		[],
		"another pin begins anew",
	);
});

t.test("after the budget nothing is begun: scenarios are missed, duets left out", async (t) => {
	const rig = fakeWork(t.testdir(), { scenarios: [described("echo"), described("cdc")] });
	const night = await perform(rig, { budgetMs: 59_000, duets: [entry] });
	t.equal(rig.asked.length, 1);
	t.match(night, {
		exitCode: 12,
		headline: /1 not run \(cdc\); 1 of 2 as expected, 1 at the first try/,
		results: [{ outcome: "as_expected" }, { outcome: "not_run", why: /budget of 1 min/ }],
		duets: [{ outcome: "not_run", why: /budget/ }],
	});
	const inTime = fakeWork(t.testdir(), {});
	t.match(await perform(inTime, { budgetMs: 60_000, duets: [entry] }), {
		exitCode: 0,
		duets: [{ outcome: "not_run" }],
	});
});

t.test("a nightly that is stopped tells what was done, and is no good one", async (t) => {
	const rig = fakeWork(t.testdir(), {
		scenarios: [described("echo"), described("cdc")],
		stopAfter: 1,
	});
	const night = await perform(rig);
	t.match(night, { exitCode: 12, stopped: "the daemon ends", headline: /ended early/ });
	t.match(night.results, [{ outcome: "as_expected" }, { outcome: "not_run" }]);
});
