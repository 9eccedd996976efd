import { readFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { BaselineDocument } from "../../../daemon/compare/baseline.ts";
import { openHome } from "../../../daemon/home/home.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { RunStore } from "../../../daemon/record/store.ts";
import { doneRun, fiveSeeds } from "../compare/accepted.ts";
import { command } from "./command.ts";

/** A home with these runs and no daemon, and a folder for baselines. */
function homeWith(t: Test, runs: readonly RunDocument[]) {
	const folder = t.testdir();
	const home = openHome(join(folder, "home"));
	const store = new RunStore(home.runs);
	for (const run of runs) store.create(run);
	const baselines = join(folder, "baselines");
	const where = ["--home", home.folder, "--baselines", baselines];
	const read = () =>
		JSON.parse(readFileSync(join(baselines, "echo.json"), "utf8")) as BaselineDocument;
	return { where, read, store, ask: (...args: string[]) => command(t, [...args, ...where]) };
}

t.test("accepted runs are written, shown, listed, and judge the runs after them", async (t) => {
	const bad = doneRun({ lost: 1 }, { runId: "20260202T000000Z-echo-bad1" });
	const { ask, read } = homeWith(t, [...fiveSeeds, bad]);
	const ids = fiveSeeds.map(({ runId }) => runId);
	const accepted = await ask("baseline", "accept", ...ids, "--reason", "the first");
	t.equal(accepted.code, 0);
	t.match(accepted.out, /seed 5: new, run .*\n.*written to .*echo\.json: commit it\n$/s);
	t.equal(read().entries[0]?.runs.length, 5);
	t.match(
		(await ask("baseline", "list")).out,
		/echo +size=default guard=on +1 2 3 4 5 .*the first/,
	);
	t.match(
		(await ask("baseline", "show", "echo")).out,
		/retry_amplification +bounded +ratio +1\.01 +1\.03 +1\.05/,
	);
	t.same(JSON.parse((await ask("baseline", "show", "echo", "--json")).out), read());

	t.match(await ask("compare", ids[1]!), { code: 0, out: /against baseline .*: same\n/ });
	t.match(await ask("compare", bad.runId, "baseline"), {
		code: 11,
		out: /rows_lost_count +regressed +1 +0 .*was 0 and is 1/,
	});
	t.match(await ask("compare", bad.runId, ids[0]!), { code: 11, out: /against run .*: regressed/ });
	const json = JSON.parse((await ask("compare", bad.runId, "--json")).out);
	t.match(json, {
		schema: 1,
		runId: bad.runId,
		outcome: "regressed",
		against: { kind: "baseline" },
	});
});

t.test("a suspicion becomes a regression by two repeats", async (t) => {
	const wild = [1, 2, 3].map((n) =>
		doneRun({ amplification: 3 }, { runId: `20260202T00000${n}Z-echo-wild` }),
	);
	const { ask } = homeWith(t, [...fiveSeeds, ...wild]);
	await ask("baseline", "accept", ...fiveSeeds.map(({ runId }) => runId), "--reason", "good");
	const [first, second, third] = wild.map(({ runId }) => runId);
	t.match(await ask("compare", first!), { code: 0, out: /suspected.*run it again twice/ });
	const confirmed = await ask("compare", first!, "--repeat", second!, "--repeat", third!);
	t.match(confirmed, { code: 11, out: /retry_amplification +regressed/ });
});

t.test("what can't be accepted or compared is refused, and nothing is written", async (t) => {
	const failed = doneRun({}, { verdict: "failed", asExpected: false });
	const { ask, read } = homeWith(t, [failed]);
	t.match(await ask("baseline", "accept", failed.runId), { code: 2, err: /--reason/ });
	t.match(await ask("baseline", "accept", failed.runId, "--reason", "no"), {
		code: 2,
		err: /FLT_CONFLICT: run .* failed, and passed was expected/,
	});
	t.throws(read);
	t.match(await ask("compare", failed.runId), { code: 2, err: /no baseline of "echo"/ });
	t.match(await ask("compare", "nobody"), { code: 2, err: /FLT_NOT_FOUND/ });
	t.match(await ask("baseline", "list"), { code: 0, out: /no baselines yet/ });
});
