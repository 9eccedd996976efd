import "../bare-node.ts";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { pause } from "../../../base/clock.ts";
import { factsOf, judgedAgain, recheck } from "../../../daemon/compare/recheck.ts";
import { recheckAsText } from "../../../daemon/compare/recheck-text.ts";
import { describeFile } from "../../../daemon/host/catalog.ts";
import { ended } from "../../../daemon/host/check-end.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { runDocument } from "../record/run-document.ts";
import { managerRig } from "../stage/fake-stack.ts";

const hooks = fileURLToPath(new URL("../../fixtures/scenarios/hooks.scenario.ts", import.meta.url));
const sweep = fileURLToPath(new URL("../../fixtures/scenarios/sweep.scenario.ts", import.meta.url));

t.test("a record judged again says what it said, and what an edited scenario says", async (t) => {
	const { runs, store, home } = managerRig(t);
	const file = join(home.folder, "hooks", "hooks.scenario.ts");
	const shared = join(home.folder, "shared.ts");
	mkdirSync(dirname(file));
	const text = `import "../shared.ts";\n${readFileSync(hooks, "utf8")}`;
	writeFileSync(file, text);
	writeFileSync(shared, "export const version = 1;");
	const run = await runs.start(await describeFile(file), { size: "small", cases: 2, lost: 1 });
	await run.ended;
	while (runs.active !== null) await pause(1);
	const record = store.read(run.id);
	t.equal(record.verdict, "failed");
	const same = await recheck(record, store.readOutcome(run.id));
	t.ok(same.sameScenario);
	t.same(same.after, same.before, "nothing has changed");
	t.same(store.read(run.id), record, "the record is left as it is");
	t.match(
		recheckAsText(same),
		/: failed then, failed now\n.*c1\/none-lost.*FAILED +FAILED.*no metric/s,
	);

	writeFileSync(shared, "export const version = 2;");
	const other = await recheck(record, store.readOutcome(run.id));
	t.notOk(other.sameScenario, "a file outside of its folder is another");
	t.same(other.after, other.before);
	t.match(recheckAsText(other), /note: the scenario has changed since the run/);
	writeFileSync(shared, "export const version = 1;");

	t.ok(text.includes('"none-lost"'));
	const mild = text.replace(/ok: [^,]*lost[^,]*,/i, "ok: true,");
	t.not(mild, text, "the check was found");
	writeFileSync(file, mild);
	const edited = await recheck(record, store.readOutcome(run.id));
	t.notOk(edited.sameScenario);
	t.equal(edited.before.verdict, "failed");
	t.notOk(edited.after.reasons.some(({ code }) => code === "check_failed"));
	t.match(recheckAsText(edited), /note: the scenario has changed.*c0\/none-lost +\S+ +FAILED +ok/s);
});

t.test("what cases tell together is judged again too", async (t) => {
	const { runs, store } = managerRig(t);
	const run = await runs.start(await describeFile(sweep), {});
	await run.ended;
	while (runs.active !== null) await pause(1);
	const { before, after } = await recheck(store.read(run.id), store.readOutcome(run.id));
	t.ok(after.checks.some(({ id, case: caseId }) => id === "linear" && caseId === null));
	t.same(after, before);
});

t.test("a run that never came to its checks can't be judged again", async (t) => {
	await t.rejects(recheck(runDocument({ state: "crashed" }), null), {
		code: "FLT_CONFLICT",
		message: /is crashed and has no outcome/,
	});
});

t.test("facts are rebuilt case by case, the recovery from what was recorded", (t) => {
	const fault = { id: "f", kind: "down", on: "db", case: "a", injectedMs: 100, healedMs: 600 };
	const mttr = { name: "mttr_ms", case: "a", value: 700, censored: false };
	const load = { name: "orders", case: "a", phase: "steady", counters: { tries: 2 }, ok_count: 7 };
	const run = runDocument({
		faults: [fault, { ...fault, case: "b", injectedMs: 9 }],
		metrics: [mttr],
		loads: [load, { ...load, case: "b", ok_count: 9 }],
		phases: [{ name: "steady", case: "a", fromMs: 0, toMs: 1 }],
	} as unknown as Partial<RunDocument>);
	const facts = factsOf(run, { case: "a", observed: 1, expected: 2, doubt: null }, { rows: 5 });
	t.match(facts, {
		params: { rows: 5, seed: 1 },
		case: "a",
		observed: 1,
		expected: 2,
		doubt: null,
		recovery: { mttrMs: 700, afterHealMs: 200, censored: false },
		loads: [{ name: "orders", phase: "steady", counters: { tries: 2 }, summary: { ok_count: 7 } }],
	});
	t.same([facts.faults.length, facts.phases.length, facts.loads.length], [1, 1, 1]);
	t.equal(factsOf(run, { case: "b", observed: 1, expected: 2, doubt: null }, {}).recovery, null);
	t.end();
});

t.test("reasons that no check gave stay; those that checks gave are made anew", (t) => {
	const check = {
		id: "rows",
		case: null,
		kind: "correctness" as const,
		shapedBy: null,
		expected: 1,
		actual: 2,
		...ended("failed"),
		message: "two",
	};
	const slow = { ...check, id: "slow", kind: "performance" as const, shapedBy: "timing" as const };
	const run = runDocument({
		state: "done",
		checks: [check],
		reasons: [
			{ code: "check_failed", message: "rows: two" },
			{ code: "generator_saturated", message: "late" },
		],
	});
	t.match(judgedAgain(run, [{ ...check, ...ended("held") }]), {
		verdict: "invalid",
		reasons: [{ code: "generator_saturated", message: "late" }],
	});
	t.equal(judgedAgain(run, [{ ...check, ...ended("held") }]).reasons.length, 1);
	t.equal(judgedAgain(run, [check]).verdict, "failed");
	const aborted = { ...run, state: "aborted" as const, reasons: [], checks: [] };
	t.same(judgedAgain(aborted, [slow]), { verdict: "passed", reasons: [], checks: [] });
	t.end();
});
