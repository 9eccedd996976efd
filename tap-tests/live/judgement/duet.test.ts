import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { DuetRecord, RunDocument } from "../../../daemon/record/document.ts";
import { untapped } from "../../untapped.ts";
import { eventOf, type LiveDaemon, liveDaemon } from "../daemon.ts";
import { inventory } from "../inventory.ts";

const file = new URL("../../fixtures/scenarios/duet.scenario.ts", import.meta.url).pathname;
let daemon: LiveDaemon;
t.before(async () => {
	daemon = await liveDaemon(t, { flags: ["--services", "redis"] });
});

/** A duet of one short session, or of more where the machine is restless, by what B changes. */
async function started(params: object, { turnMs = 250, turns = 2 } = {}): Promise<string> {
	const plan = {
		shape: { kind: "turns", warmMs: 150, turnMs, turns },
		looks: [{ pairs: 1, alpha: 0.01 }],
	};
	const variants = { a: { params: {}, urls: {} }, b: { params, urls: {} } };
	const body = { file, duet: { plan, variants } };
	return (await daemon.client.post<{ runId: string }>("/runs", body)).runId;
}

async function played(params: object): Promise<DuetRecord> {
	const runId = await started(params);
	await eventOf(daemon.client, runId, (event) => event.type === "end");
	const { duet } = await daemon.client.run(runId);
	return duet!;
}

/** How much worse B was, in the middle of the pairs; dropped ones too: a restless machine drops them, but they were measured. */
function medianWorse({ pairs }: DuetRecord): number {
	const all = pairs.flatMap(
		({ measures }) => measures.find(({ name }) => name === "requests.p50")?.worseLog ?? [],
	);
	return all.sort((a, b) => a - b)[Math.floor(all.length / 2)]!;
}

t.test("a variant that does three times the work is found worse, and leaves nothing", async (t) => {
	const before = await inventory(daemon.client, daemon.home);
	const shape = ["--turn", "250ms", "--turns", "2", "--warmup", "150ms", "--quick"];
	const command = ["daemon/cli/main.ts", "duet", file, ...shape, "--b", "steps=600000", "--json"];
	const { status, stdout, stderr } = spawnSync(
		...untapped(process.execPath, "--no-warnings", ...command, "--home", daemon.home.folder),
		{ encoding: "utf8", maxBuffer: 1 << 26 },
	);
	const document = JSON.parse(stdout) as RunDocument;
	t.match(
		document,
		{ state: "done", verdict: "passed" },
		JSON.stringify(document.reasons) + stderr,
	);
	const duet = document.duet!;
	t.ok(medianWorse(duet) > Math.log(1.2), `${medianWorse(duet)}: ${stderr}`);
	t.equal(status, duet.verdict.outcome === "regressed" ? 11 : 0);
	const [pair] = duet.pairs;
	t.equal(pair!.turns.length, 4);
	t.equal(new Set(pair!.turns.map(({ side }) => side)).size, 2, "both had turns");
	for (const side of ["a", "b"] as const) {
		const { okPerSec } = pair!.loads[0]![side];
		t.ok(okPerSec > 70 && okPerSec < 130, `${side} was offered 100/s in its turns: ${okPerSec}`);
	}
	t.match(duet.variants, { a: { params: {} }, b: { params: { steps: 600_000 } } });
	t.same(await inventory(daemon.client, daemon.home), before);
});

t.test("equal variants tell this host's noise, which is kept for later ones", async (t) => {
	const { pairs } = await played({});
	const kept = pairs.filter(({ dropped }) => dropped === null).length;
	const noise = join(daemon.home.folder, "history", "noise", "duet.ndjson");
	const lines = existsSync(noise) ? readFileSync(noise, "utf8").trim().split("\n") : [];
	t.equal(lines.length, kept);
});

t.test("a check that only B fails is seen, whatever the times", async (t) => {
	const { pairs } = await played({ lossy: true, steps: 1 });
	for (const { failed } of pairs) t.same(failed, { a: [], b: ["none-lost"] });
});

t.test("a variant that can't be is refused before anything starts", async (t) => {
	await t.rejects(started({ stepz: 1 }), {
		code: "FLT_PARAM_INVALID",
		message: /did you mean "steps"/,
	});
});

t.test("a duet that is stopped in the middle leaves nothing", async (t) => {
	const before = await inventory(daemon.client, daemon.home);
	const runId = await started({}, { turnMs: 500, turns: 50 });
	await eventOf(daemon.client, runId, (event) => event.type === "interval");
	const run = await daemon.client.post<RunDocument>(`/runs/${runId}/stop`);
	t.match(run, { state: "aborted", duet: null, reasons: [{ code: "stopped" }] });
	t.same(await inventory(daemon.client, daemon.home), before);
	t.same(readdirSync(join(daemon.home.folder, "work")), []);
});
