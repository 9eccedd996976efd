import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { Suites, type SuitesOptions } from "../../../daemon/suites/suites.ts";
import { doneRun } from "../compare/accepted.ts";
import { described } from "../nightly/fake-work.ts";
import { pairs } from "./fake-suite.ts";

/** Suites of a home whose runs end when the test lets them. */
function rig(t: Test, folder = join(t.testdir(), "suites")) {
	const log: string[] = [];
	const waiting: ((document: RunDocument) => void)[] = [];
	let begun = Promise.withResolvers<void>();
	const runs = {
		blocked: null as string | null,
		start: async (_: unknown, given: { guard: string }) => {
			const { promise: ended, resolve } = Promise.withResolvers<RunDocument>();
			const expect = given.guard === "off" ? "failed" : "passed";
			waiting.push((document) =>
				resolve({ ...document, expect, verdict: document.verdict && expect }),
			);
			begun.resolve();
			begun = Promise.withResolvers();
			return { id: "run", ended };
		},
		lastTry: (run: { ended: Promise<RunDocument> }) => run.ended,
		stop: async () =>
			waiting.shift()!(doneRun({}, { verdict: null, state: "aborted", asExpected: false })),
	};
	const suites = new Suites({
		runs: runs as unknown as SuitesOptions["runs"],
		scenarios: { find: async (name) => described(name, true) },
		home: { suites: folder },
		log: (line) => log.push(line),
		table: async ({ runs }) => ({
			ok: true,
			conclusions: [],
			cells: runs.map(({ verdict }) =>
				[verdict, null, null].map((value) => ({
					value,
					unit: null,
					error: null,
				})),
			),
		}),
	});
	/** Lets the next run begin and end. */
	const pass = async () => {
		if (waiting.length === 0) await begun.promise;
		waiting.shift()!(doneRun());
	};
	return { folder, suites, runs, log, pass, begun: () => begun.promise };
}

t.test("one that is started can be read at once, and is kept when it has ended", async (t) => {
	const { suites, pass, log } = rig(t);
	const { id } = await suites.start(pairs, { size: "small", seed: 3 });
	t.match(id, /^\d{8}T\d{6}Z-pairs-[0-9a-f]{4}$/);
	t.match(suites.read(id), { state: "running", exitCode: null, given: { size: "small", seed: 3 } });
	for (let n = 0; n < 4; n++) await pass();
	const ended = await suites.ended(id);
	t.match(ended, { state: "done", exitCode: 0, table: { columns: ["on", "off"] } });
	t.same(suites.read(id), ended);
	t.same(await suites.ended(id), ended, "it may be asked for any time later");
	t.match(log, [
		`suite ${id}: echo guard=on (1 of 4)`,
		/echo guard=off \(2 of 4\)/,
		/cdc guard=on/,
		/cdc guard=off/,
		`suite ${id}: all 4 as expected, 4 at the first try`,
	]);
	t.same(suites.lastOf("pairs"), ended);
	t.equal(suites.lastOf("airs"), null);
	t.throws(() => suites.read("../../etc/passwd"), { code: "FLT_NOT_FOUND" });
});

t.test("stopped, it ends its run and itself, with what was done", async (t) => {
	const { suites, pass, begun } = rig(t);
	const { id } = await suites.start(pairs, {});
	await pass();
	await begun();
	t.match(await suites.stop(id, "stopped by request"), {
		state: "stopped",
		stopped: "stopped by request",
		exitCode: 12,
		steps: [
			{ outcome: "as_expected" },
			{ outcome: "invalid", run: { state: "aborted" } },
			{ outcome: "not_run", why: "stopped by request" },
			{ outcome: "not_run" },
		],
	});
	t.match(await suites.stop(id, "again"), { stopped: "stopped by request" }, "once is enough");
});

t.test("the daemon's end is its end, and no other is begun", async (t) => {
	const { suites, begun } = rig(t);
	const begins = begun();
	const { id } = await suites.start(pairs, {});
	await begins;
	await suites.close("the daemon ends");
	t.match(suites.read(id), { state: "stopped", stopped: "the daemon ends" });
	await t.rejects(suites.start(pairs, {}), { code: "FLT_CONFLICT", message: /the daemon ends/ });
});

t.test("while new runs are blocked, no suite is begun", async (t) => {
	const { suites, runs, folder } = rig(t);
	runs.blocked = "the red button";
	await t.rejects(suites.start(pairs, {}), { code: "FLT_CONFLICT", message: /the red button/ });
	await t.rejects(suites.start(pairs, { nobody: 1 }), { code: "FLT_PARAM_INVALID" });
	t.throws(() => rmSync(folder), { code: "ENOENT" }, "and nothing was written");
});

t.test("one whose daemon was killed is no whole suite: the next one says so", async (t) => {
	const { suites, pass, begun, folder } = rig(t);
	const { id } = await suites.start(pairs, {});
	await pass();
	await begun(); // and here the daemon is killed
	const next = rig(t, folder).suites;
	t.same(next.recover(), [id]);
	t.match(next.read(id), {
		state: "crashed",
		stopped: "its daemon ended",
		outcome: "not_run",
		exitCode: 12,
		table: null,
		headline: /^3 not run .*its daemon ended; 1 of 4 as expected, 1 at the first try$/,
		steps: [{ outcome: "as_expected" }, { outcome: "not_run", run: null }, {}, {}],
	});
	t.same(next.recover(), [], "once");
	await suites.close("the test is over");
});

t.test(
	"one that can't be kept any more ends as crashed, and those who wait are told",
	async (t) => {
		const { suites, pass, folder, log } = rig(t);
		const { id } = await suites.start(pairs, {});
		rmSync(folder, { recursive: true });
		writeFileSync(folder, "no folder any more");
		await pass();
		t.match(await suites.ended(id), { state: "crashed", exitCode: 12 });
		t.match(suites.read(id), { state: "crashed" });
		t.match(log.at(-1), /did not come to its end/);
	},
);
