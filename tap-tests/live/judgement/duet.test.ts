import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { RunDocument } from "../../../daemon/runs/document.ts";
import { untapped } from "../../untapped.ts";
import { eventOf, type LiveDaemon, liveDaemon } from "../daemon.ts";
import { inventory } from "../inventory.ts";

const file = new URL("../../fixtures/scenarios/duet.scenario.ts", import.meta.url).pathname;
let daemon: LiveDaemon;
t.before(async () => {
	daemon = await liveDaemon(t, { flags: ["--services", "redis"] });
});

const quickly = ["--quick", "--turn", "400ms", "--turns", "3", "--warmup", "300ms", "--json"];

function duet(...args: string[]): { status: number | null; document: RunDocument; stderr: string } {
	const command = ["--no-warnings", "daemon/cli/main.ts", "duet", file, ...quickly, ...args];
	const { status, stdout, stderr } = spawnSync(
		...untapped(process.execPath, ...command, "--home", daemon.home.folder),
		{ encoding: "utf8", maxBuffer: 1 << 26 },
	);
	return { status, document: JSON.parse(stdout) as RunDocument, stderr };
}

t.test("a variant that does three times the work is found worse, and exits with 11", async (t) => {
	const before = await inventory(daemon.client, daemon.home);
	const { status, document, stderr } = duet("--b", "steps=600000");
	t.equal(status, 11, stderr);
	t.match(document, {
		state: "done",
		verdict: "passed",
		duet: { verdict: { outcome: "regressed" } },
	});
	const [pair] = document.duet!.pairs;
	t.equal(pair!.turns.length, 6);
	t.same(new Set(pair!.turns.map(({ side }) => side)).size, 2, "both had turns");
	const [load] = pair!.loads;
	for (const side of ["a", "b"] as const) {
		const { okPerSec } = load![side];
		t.ok(okPerSec > 80 && okPerSec < 120, `${side} was offered 100/s in its turns: ${okPerSec}`);
	}
	t.match(document.duet!.variants, { a: { params: {} }, b: { params: { steps: 600_000 } } });
	t.same(await inventory(daemon.client, daemon.home), before, "nothing of it is left");
});

t.test("equal variants tell this host's noise, which is kept for later ones", async (t) => {
	const { document } = duet();
	t.not(document.duet!.verdict.outcome, "improved");
	t.ok(existsSync(join(daemon.home.folder, "history", "noise", "duet.ndjson")));
});

t.test(
	"a check that only B fails is a regression; a variant that can't be is refused",
	async (t) => {
		const { status, document } = duet("--b", "lossy=true", "--b", "steps=1");
		t.equal(status, 11);
		t.equal(document.duet!.verdict.why, "B fails none-lost, which A passes");
		const refused = daemon.client.post("/runs", {
			file,
			duet: {
				plan: {
					shape: { kind: "turns", warmMs: 1, turnMs: 1, turns: 1 },
					looks: [{ pairs: 1, alpha: 0.01 }],
				},
				variants: { a: { params: {}, urls: {} }, b: { params: { stepz: 1 }, urls: {} } },
			},
		});
		await t.rejects(refused, { code: "FLT_PARAM_INVALID", message: /did you mean "steps"/ });
	},
);

t.test("a duet that is stopped in the middle leaves nothing", async (t) => {
	const before = await inventory(daemon.client, daemon.home);
	const variant = { params: {}, urls: {} };
	const { runId } = await daemon.client.post<{ runId: string }>("/runs", {
		file,
		duet: {
			plan: {
				shape: { kind: "turns", warmMs: 1, turnMs: 500, turns: 50 },
				looks: [{ pairs: 2, alpha: 0.01 }],
			},
			variants: { a: variant, b: variant },
		},
	});
	await eventOf(daemon.client, runId, (event) => event.type === "interval");
	const run = await daemon.client.post<RunDocument>(`/runs/${runId}/stop`);
	t.match(run, { state: "aborted", duet: null, reasons: [{ code: "stopped" }] });
	t.same(await inventory(daemon.client, daemon.home), before);
	t.same(readdirSync(join(daemon.home.folder, "work")), []);
});
