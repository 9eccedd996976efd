import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { pause } from "../../../base/clock.ts";
import { killTree } from "../../../base/process.ts";
import type { Undo } from "../../../chaos/fault.ts";
import { loadKind } from "../../../chaos/kinds.ts";
import { readControl } from "../../../chaos/subject/controls.ts";
import { Subject } from "../../../daemon/stage/subjects.ts";
import { RunTarget, recoveryTarget, type TargetStack } from "../../../daemon/stage/target.ts";
import { runNames } from "../../../scenarios/contract/names.ts";

const scenarioFile = fileURLToPath(
	new URL("../../fixtures/scenarios/kinds-process.scenario.ts", import.meta.url),
);
const recovery = recoveryTarget({ toxiproxy: null as never });

/** A subject as a run has it, called `it`. */
async function subjectOf(t: Test, file: string) {
	const work = t.testdir();
	const subject = new Subject(
		"it",
		{ file },
		{
			runId: "run-1",
			names: runNames("run-1"),
			scenarioFile,
			workFolder: work,
			logFolder: join(work, "logs"),
			env: { ...process.env, NODE_OPTIONS: undefined },
			onExit: () => {},
		},
		{},
	);
	const target = new RunTarget({} as TargetStack, [], null);
	target.subjects.set("it", subject);
	t.teardown(async () => {
		await target.closeProbes();
		await subject.stop();
	});
	await subject.start();
	return {
		subject,
		target,
		folder: subject.controls.folder,
		/** What it answers; a request of its own connection. */
		ask: async () =>
			(await fetch(subject.url, { headers: { connection: "close" }, keepalive: false })).text(),
	};
}

async function planned(kind: string, target: RunTarget, params: object, limitMs = 60_000) {
	const fault = await loadKind(kind);
	const undo = await fault.plan(target, "it", params, `${kind}-1`, limitMs);
	await target.probeOf("it", `${kind}-1`); // before the fault, as an injection does
	// As it comes back from the disk.
	return { fault, undo: JSON.parse(JSON.stringify(undo)) as Undo };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await condition())) await pause(5);
}

t.test("a blocked subject lives and answers nobody, until anybody deletes the order", async (t) => {
	const { target, folder, ask } = await subjectOf(t, "./echo.ts");
	const { fault, undo } = await planned("event-loop-block", target, {});
	t.same(readdirSync(folder), [], "planning changes nothing");
	await fault.heal(target, undo);
	t.match(await fault.prove(target, undo), { ok: false, seen: /answered in/ }, "nothing to see");

	await fault.inject(target, undo);
	t.match(await fault.prove(target, undo), {
		ok: true,
		seen: /^it is in state [RS] and used \d+ ms of a processor meanwhile; .* no answer in \d+ ms$/,
	});
	t.match(await fault.gone(target, undo), { ok: false, seen: "it is still told to block" });
	const answer = ask();
	rmSync(join(folder, readdirSync(folder)[0]!));
	t.equal(await answer, "ok", "who waited is served");
	for (let times = 0; times < 2; times++) await fault.heal(recovery, undo);
	t.match(await fault.gone(target, undo), { ok: true, seen: /answered/ });
	t.same(readdirSync(folder), []);
});

t.test("a block that comes and goes lets requests through in between", async (t) => {
	const { target, ask } = await subjectOf(t, "./echo.ts");
	const { fault, undo } = await planned("event-loop-block", target, { busyMs: 150, gapMs: 50 });
	await fault.inject(target, undo);
	t.match(await fault.prove(target, undo), { ok: true, seen: /no answer in 1\d\d ms/ });
	t.equal(await ask(), "ok", "answered, and nobody has healed it");
	t.match(await fault.prove(target, undo), { ok: true }, "and again it is blocked");
	await fault.heal(target, undo);
});

t.test("a block ends at its limit where nobody is left to heal it", async (t) => {
	const { target, folder, ask } = await subjectOf(t, "./echo.ts");
	const { fault, undo } = await planned("event-loop-block", target, {}, 100);
	await fault.inject(target, undo);
	t.match(await fault.prove(target, undo), { ok: true });
	t.equal(await ask(), "ok");
	t.equal(readdirSync(folder).length, 1, "the order is there as before");
	t.match(await fault.prove(target, undo), { ok: false, seen: /answered in/ });
});

t.test("a subject that is started again comes back free of a block", async (t) => {
	const { subject, target, folder, ask } = await subjectOf(t, "./echo.ts");
	const { fault, undo } = await planned("event-loop-block", target, {});
	await fault.inject(target, undo);
	t.match(await fault.prove(target, undo), { ok: true });
	await killTree(subject.identity!, { graceMs: 0 });
	await target.restart("it");
	t.equal(await ask(), "ok");
	t.match(await fault.prove(target, undo), { ok: false, seen: /state gone/ });
	await fault.heal(target, undo);
	t.match(await fault.gone(target, undo), { ok: true, seen: "it has ended" });
	t.same(readdirSync(folder), []);
});

const python = spawnSync("python3", ["--version"]).status === 0;

for (const file of ["./clocked.ts", "./clocked.py"]) {
	const skip = file.endsWith(".py") && !python ? "no python3 here" : false;
	t.test(`a skewed clock is seen where it is read, and back (${file})`, { skip }, async (t) => {
		const { subject, target, folder, ask } = await subjectOf(t, file);
		const offMs = async () => Number(await ask()) - Date.now();
		const { fault, undo } = await planned("clock-skew", target, { offsetMs: -3_600_000 });
		await fault.heal(target, undo);
		t.match(await fault.gone(target, undo), { ok: true }, "it never came");

		await fault.inject(target, undo);
		t.match(await fault.prove(target, undo), {
			ok: true,
			seen: /^when it last read its clock, it was -3600000 ms off; .* answered/,
		});
		t.ok(Math.abs((await offMs()) + 3_600_000) < 5_000, "an hour behind");
		t.match(await fault.gone(target, undo), { ok: false, seen: /still has an offset/ });

		await killTree(subject.identity!, { graceMs: 0 });
		await target.restart("it");
		t.ok(Math.abs((await offMs()) + 3_600_000) < 5_000, "one that is started again is under it");

		for (let times = 0; times < 2; times++) await fault.heal(recovery, undo);
		await until(async () => (await fault.gone(target, undo)).ok); // a reading may be some ms old
		t.match(await fault.gone(target, undo), { ok: true, seen: /it was 0 ms off/ });
		t.ok(Math.abs(await offMs()) < 5_000, "the real time");
		t.equal(readControl(folder, "clock-offset-ms"), null);
	});
}

t.test("a subject that does not read its clock again is not seen to be back", async (t) => {
	const { subject, target, folder } = await subjectOf(t, "./clocked.ts");
	const { fault, undo } = await planned("clock-skew", target, { offsetMs: 5_000 });
	await fault.inject(target, undo);
	t.match(await fault.prove(target, undo), { ok: true });
	process.kill(subject.identity!.pid, "SIGSTOP");
	await fault.heal(target, undo);
	t.match(await fault.gone(target, undo), { ok: false, seen: /5000 ms off; .* no answer/ });
	process.kill(subject.identity!.pid, "SIGCONT");
	await until(() => readControl(folder, "clock-offset-ms.seen") === "0\n");
	t.match(await fault.gone(target, undo), { ok: true });

	await fault.inject(target, undo);
	t.match(await fault.prove(target, undo), { ok: true });
	await killTree(subject.identity!, { graceMs: 0 });
	await fault.heal(target, undo);
	t.match(await fault.gone(target, undo), { ok: true, seen: "it has ended" });
	await target.restart("it");
	t.equal(readControl(folder, "clock-offset-ms.seen"), null, "what the last one saw is forgotten");
});

t.test("a subject that never reads its clock shows no effect", async (t) => {
	const { target } = await subjectOf(t, "./echo.ts");
	const { fault, undo } = await planned("clock-skew", target, { offsetMs: 5_000 });
	await fault.inject(target, undo);
	t.match(await fault.prove(target, undo), {
		ok: false,
		seen: /^it has not read its clock since it was started; .* answered/,
	});
	await fault.heal(target, undo);
	t.match(await fault.gone(target, undo), { ok: true });
});

t.test("a part of the work is slow where the subject asks for it, and no other", async (t) => {
	const { subject, target, folder, ask } = await subjectOf(t, "./paced.ts");
	const { fault, undo } = await planned("slow-work", target, { part: "orders", extraUs: 7 });
	t.same(readdirSync(folder), [], "planning changes nothing");
	await fault.heal(target, undo);
	t.match(await fault.gone(target, undo), { ok: true }, "it never came");
	t.equal(await ask(), "orders 0 µs, returns 0 µs");

	await fault.inject(target, undo);
	t.match(await fault.prove(target, undo), {
		ok: true,
		seen: /^it obeys \{"part":"orders","extraUs":7\}; .* answered/,
	});
	t.equal(await ask(), "orders 7 µs, returns 0 µs");
	t.match(await fault.gone(target, undo), { ok: false, seen: /still told to be slow/ });

	await killTree(subject.identity!, { graceMs: 0 });
	await target.restart("it");
	t.equal(await ask(), "orders 7 µs, returns 0 µs", "one that is started again is under it");

	for (let times = 0; times < 2; times++) await fault.heal(recovery, undo);
	await until(async () => (await fault.gone(target, undo)).ok); // an order may be some ms old
	t.equal(await ask(), "orders 0 µs, returns 0 µs");
});

t.test("a subject that never does the work shows no effect of its slowness", async (t) => {
	const { target } = await subjectOf(t, "./paced.ts");
	const { fault, undo } = await planned("slow-work", target, { part: "refunds", extraUs: 7 });
	await fault.inject(target, undo);
	t.match(await fault.prove(target, undo), { ok: false, seen: /^it works at its own pace; / });
	await fault.heal(target, undo);
	t.match(await fault.gone(target, undo), { ok: true });
});

t.test(
	"a subject is held where it comes to a step of its work, and goes on after it",
	async (t) => {
		const { subject, target, folder, ask } = await subjectOf(t, "./stepped.ts");
		const cameTo = async (step: string) =>
			(JSON.parse(await ask()) as Record<string, number>)[step]!;
		const { fault, undo } = await planned("hold-at-step", target, { step: "before-commit" });
		t.same(readdirSync(folder), [], "planning changes nothing");
		await fault.heal(target, undo);
		t.match(
			await fault.gone(target, undo),
			{ ok: true, seen: "it stands at no step" },
			"it never came",
		);

		await fault.inject(target, undo);
		t.match(await fault.prove(target, undo), { ok: true, seen: "it stands at before-commit" });
		const [written, gone] = [await cameTo("before-write"), await cameTo("before-commit")];
		t.equal(written, gone + 1, "it has come to the step, and answers as ever");
		t.match(await fault.gone(target, undo), { ok: false, seen: "it is still told to stop" });

		await killTree(subject.identity!, { graceMs: 0 });
		await target.restart("it");
		t.match(await fault.prove(target, undo), { ok: true }, "one that is started again is under it");
		t.equal(await cameTo("after-commit"), 0);

		for (let times = 0; times < 2; times++) await fault.heal(recovery, undo);
		await until(async () => (await cameTo("after-commit")) > 0);
		t.match(await fault.gone(target, undo), { ok: true, seen: "it stands at no step" });
	},
);

t.test("a subject that never comes to the step shows no effect", async (t) => {
	const { target } = await subjectOf(t, "./stepped.ts");
	const { fault, undo } = await planned("hold-at-step", target, { step: "at-night" });
	await fault.inject(target, undo);
	t.match(await fault.prove(target, undo), { ok: false, seen: "it stands at no step" });
	await fault.heal(target, undo);
	t.match(await fault.gone(target, undo), { ok: true });
});

t.test("what has no event loop is refused, with what to do", { skip: !python }, async (t) => {
	const { target } = await subjectOf(t, "./clocked.py");
	await t.rejects(planned("event-loop-block", target, {}), {
		code: "FLT_NO_PATH",
		message: /Node does not run subject "it"/,
		hint: /freeze/,
	});
	const service = new RunTarget({} as TargetStack, ["postgres"], null);
	const skew = await loadKind("clock-skew");
	await t.rejects(skew.plan(service, "postgres", { offsetMs: 1 }, "skew-1"), {
		code: "FLT_NO_PATH",
		message: 'no subject "postgres"',
	});
});
