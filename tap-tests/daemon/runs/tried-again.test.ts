import "../bare-node.ts";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { describeFile } from "../../../daemon/host/catalog.ts";
import type { ScenarioDescription } from "../../../daemon/host/protocol.ts";
import { managerRig } from "../stage/fake-stack.ts";

const file = fileURLToPath(
	new URL("../../fixtures/scenarios/late-once.scenario.ts", import.meta.url),
);
let lateOnce: ScenarioDescription;
t.jobs = 2;
t.before(async () => {
	lateOnce = await describeFile(file);
});

async function tried(t: Test, given: object, isWaitedFor = false) {
	const { runs, store, home } = managerRig(t);
	const first = await runs.start(lateOnce, { marker: join(home.folder, "late"), ...given });
	const other = isWaitedFor ? await runs.start(lateOnce, { lateRuns: 0 }) : null;
	const last = await runs.lastTry(first);
	const startedAt = other?.document.startedAt ?? null;
	if (other !== null) await runs.stop(other.id, "it is not looked at");
	return { store, first: store.read(first.id), last, startedAt };
}

t.test("what the machine is to blame for is tried once more, at once", async (t) => {
	const { first, last, startedAt, store } = await tried(t, { seed: "7" }, true);
	t.match(first, { verdict: "invalid", reasons: [{ code: "generator_late" }] });
	t.match(first.reasons[0]?.message, /^quick: p50 was .* load ticks, .* up to (29|3)\d/);
	t.equal(first.tries.next, last.runId);
	t.match(last, { seed: 7, params: first.params });
	// A machine that is busy by itself may be to blame once more, without being made to.
	const blamed = last.reasons.every(
		({ code }) => code === "generator_late" || code === "host_busy",
	);
	t.ok(last.verdict === "passed" || (last.verdict === "invalid" && blamed), `${last.verdict}`);
	t.same(last.tries, { before: [{ runId: first.runId, why: "generator_late" }], next: null });
	t.same(store.read(last.runId), JSON.parse(JSON.stringify(last)), "both are kept");
	t.ok(startedAt === null || startedAt > last.startedAt!, "before what had been waiting");
	const said = store.readEvents(first.runId).flatMap((e) => (e.type === "log" ? e.message : []));
	t.match(said.join(), `run ${last.runId} tries it again`);
});

const others: [given: object, why: string, expected: object][] = [
	[{ retries: 0 }, "none was wanted", { tries: { before: [], next: null }, verdict: "invalid" }],
	[
		{ lateRuns: 3, retries: "2" },
		"the last one counts",
		{ tries: { next: null }, verdict: "invalid" },
	],
	[
		{ lost: 1, retries: 2 },
		"what failed is never tried again",
		{ tries: { before: [] }, verdict: "failed" },
	],
];
for (const [given, why, expected] of others)
	t.test(`no more often than was asked for: ${why}`, async (t) => {
		const { last } = await tried(t, given);
		t.match(last, expected);
		if ("lateRuns" in given) t.equal(last.tries.before.length, 2);
	});

t.test("a stop ends the try that is under way, and none comes after it", async (t) => {
	const { runs, home } = managerRig(t);
	const marker = join(home.folder, "late");
	const first = await runs.start(lateOnce, { marker, lateRuns: 9, retries: 9 });
	const { tries } = await first.ended;
	const stopped = await runs.stop(first.id, "enough");
	t.equal(stopped.runId, tries.next);
	t.match(stopped, { reasons: [{ code: "stopped" }], tries: { next: null } });
	t.match(await runs.lastTry(first), { runId: tries.next });
});

t.test("a slow target never passes beside a generator that stands still", async (t) => {
	const { last } = await tried(t, { answerMs: 90, stillMs: 60, lateRuns: 9 });
	t.not(last.verdict, "passed", JSON.stringify(last.checks));
});

t.test("a little lateness decides nothing of a quick one", async (t) => {
	const { last } = await tried(t, { stillMs: 10, lateRuns: 9 });
	t.equal(last.verdict, "passed", JSON.stringify(last.reasons));
});

t.test("a number of retries that is none is refused", async (t) => {
	const { runs } = managerRig(t);
	for (const retries of ["many", "-1", "1.5", "10"])
		await t.rejects(
			runs.start(lateOnce, { retries }),
			{ code: "FLT_PARAM_INVALID", message: /retries: must be a whole number from 0 to 9/ },
			retries,
		);
});
