import { spawnSync } from "node:child_process";
import t from "tap";
import { killTree } from "../../../base/process.ts";
import type { FaultRecord } from "../../../chaos/injection.ts";
import type { StackDocument } from "../../../daemon/api/views.ts";
import type { Places } from "../../../daemon/faults/by-hand.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { readRecord } from "../../../daemon/stack/record.ts";
import type { FaultsNow, KindRow } from "../../../daemon/tui/wire.ts";
import { ToxiproxyClient } from "../../../toxiproxy/client.ts";
import { untapped } from "../../untapped.ts";
import { eventOf, type LiveDaemon, liveDaemon, until } from "../daemon.ts";
import { inventory } from "../inventory.ts";

let daemon: LiveDaemon;
t.before(async () => {
	daemon = await liveDaemon(t, { flags: ["--services", "postgres"] });
});

function faultline(...args: string[]) {
	const command = ["--no-warnings", "daemon/cli/main.ts", ...args, "--home", daemon.home.folder];
	return spawnSync(...untapped(process.execPath, ...command), { encoding: "utf8" });
}

const inForce = async () =>
	(await daemon.client.get<{ faults: FaultRecord[] }>("/faults")).faults.map(({ kind }) => kind);

t.test(
	"a fault on a standing path is proved, listed, healed by its id, and by its time limit",
	async (t) => {
		const before = await inventory(daemon.client, daemon.home);
		const latency = { kind: "latency", on: "postgres", params: { latencyMs: 100 }, forMs: 60_000 };
		const record = await daemon.client.post<FaultRecord>("/faults", latency);
		t.match(record, { state: "injected", provedMs: Number }, record.seen.join("; "));
		const { faults } = await daemon.client.get<FaultsNow>("/faults");
		t.match(faults, [{ kind: "latency", byHand: true }]);
		const healsInMs = faults[0]?.healsInMs ?? 0;
		t.ok(healsInMs > 0 && healsInMs < 60_000, `${healsInMs} ms are left`);
		t.match(await daemon.client.delete(`/faults/${record.id}`), { state: "healed" });
		await t.rejects(daemon.client.delete(`/faults/${record.id}`), { code: "FLT_NOT_FOUND" });

		const said = faultline(
			"faults",
			"inject",
			"latency",
			"--on",
			"postgres",
			"--for",
			"2s",
			"-p",
			"latencyMs=90",
		);
		t.match(said.stdout, /latency on postgres: injected/, said.stderr);
		t.equal(said.status, 0);
		await until(async () => (await inForce()).length === 0);
		t.same(await inventory(daemon.client, daemon.home), before);
	},
);

/** The kinds and where each can act now. */
async function places(): Promise<Map<string, Places>> {
	const { kinds } = await daemon.client.get<{ kinds: KindRow[] }>("/faults/kinds");
	return new Map(kinds.map(({ kind, on, unavailable }) => [kind, { on, unavailable }]));
}

t.test("each kind tells where it can act now, and the API takes just that", async (t) => {
	const kinds = await places();
	for (const kind of ["latency", "read-only", "freeze"])
		t.same(kinds.get(kind), { on: ["postgres"], unavailable: null }, kind);
	t.match(kinds.get("redis-pause"), { on: [], unavailable: "no path leads to redis" });
	t.match(kinds.get("slot-dropped"), { on: [], unavailable: /only on what a run has made/ });
});

t.test("what can't be injected says why, and leaves nothing", async (t) => {
	const inject = (body: object) =>
		daemon.client.post("/faults", { forMs: 1000, params: {}, ...body });
	await t.rejects(inject({ kind: "latensy", on: "postgres" }), { code: "FLT_KIND_UNKNOWN" });
	await t.rejects(inject({ kind: "latency", on: "postgres" }), { code: "FLT_PARAM_INVALID" });
	await t.rejects(inject({ kind: "down", on: "kafka" }), { code: "FLT_NO_PATH" });
	await t.rejects(inject({ kind: "down", on: "postgres", forMs: 1 }), { code: "FLT_USAGE" });
	t.same(await inForce(), []);
});

t.test(
	"the red button heals everything, stops the run, and blocks what is new until it is released",
	async (t) => {
		const before = await inventory(daemon.client, daemon.home);
		const { runId } = await daemon.client.start("retry-storm", {
			size: "small",
			outageMs: "30000",
			inFlightMax: "9000",
		});
		const proved = (event: { type: string; fault?: FaultRecord }) =>
			event.type === "fault" && event.fault?.provedMs != null;
		await eventOf(daemon.client, runId, proved as Parameters<typeof eventOf>[2]);
		const freeze = { kind: "freeze", on: "downstream", forMs: 60_000 };
		const byHand = await daemon.client.post<FaultRecord>("/faults", freeze);
		t.match(byHand, { state: "injected" });
		const { faults } = await daemon.client.get<FaultsNow>("/faults");
		t.same(
			faults.map(({ kind, byHand }) => [kind, byHand]).sort(),
			[
				["freeze", true],
				["timeout", false],
			],
			"those of the timeline are listed too",
		);
		t.ok(faults.every(({ healsInMs }) => healsInMs > 0 && healsInMs <= 60_000));
		const kinds = await places();
		t.same(kinds.get("latency")?.on, ["db", "orders", "postgres"], "the run's own come first");
		t.same(kinds.get("kill")?.on, ["downstream", "postgres"]);

		const said = faultline("heal");
		t.equal(said.status, 0, said.stderr);
		t.match(said.stdout, new RegExp(`stopped run ${runId}`));
		t.match(said.stdout, /timeout on db: healed/);
		t.match(said.stdout, /freeze on downstream: healed/);
		const run = await daemon.client.run(runId);
		t.equal(run.state, "aborted");
		// What was broken by hand may have kept steady from being steady.
		t.ok(
			run.reasons.some(({ code }) => code === "stopped"),
			JSON.stringify(run.reasons),
		);
		t.same(run.faults.map(({ kind, state }) => `${kind} ${state}`).sort(), [
			"freeze healed",
			"timeout healed",
		]);
		t.same(await inventory(daemon.client, daemon.home), before);

		const refused = { code: "FLT_CONFLICT" };
		await t.rejects(daemon.client.start("retry-storm", { size: "small" }), refused);
		await t.rejects(daemon.client.post("/faults", { ...freeze, on: "postgres" }), refused);
		t.equal(faultline("heal", "--release").status, 0);
		const again = { kind: "latency", on: "postgres", params: { latencyMs: 50 }, forMs: 200 };
		t.match(await daemon.client.post("/faults", again), { state: String });
	},
);

t.test("beside a daemon that hangs, heal --force takes back what the ledger holds", async (t) => {
	await until(async () => (await inForce()).length === 0);
	const { components } = await daemon.client.get<{
		components: { name: string; direct: string }[];
	}>("/stack");
	const toxiproxy = new ToxiproxyClient(
		components.find(({ name }) => name === "toxiproxy")!.direct,
	);
	const toxics = async () => (await toxiproxy.listProxies()).flatMap((proxy) => proxy.toxics);
	const latency = { kind: "latency", on: "postgres", params: { latencyMs: 100 }, forMs: 60_000 };
	await daemon.client.post("/faults", latency);
	t.equal((await toxics()).length, 1);
	process.kill(daemon.pid, "SIGSTOP");
	try {
		t.match(faultline("heal", "--force"), { status: 0, stdout: "healed 1 of 1\n" });
		t.same(await toxics(), []);
		t.match(faultline("heal", "--force"), { status: 0, stdout: /nothing to heal/ });
	} finally {
		process.kill(daemon.pid, "SIGCONT");
	}
	t.match(await daemon.client.post("/heal"), { healed: [{ kind: "latency", state: "healed" }] });
});

t.test(
	"a Toxiproxy that hangs in the middle of a run is noticed and named, and the run is invalid",
	async (t) => {
		const { client, home } = daemon;
		await client.post("/heal/release");
		const { runId } = await client.start("retry-storm", {
			size: "small",
			outageMs: "30000",
			inFlightMax: "9000",
		});
		await eventOf(
			client,
			runId,
			(event) => event.type === "fault" && event.fault.provedMs !== null,
		);
		const toxiproxy = readRecord(home, "toxiproxy").process!;
		process.kill(toxiproxy.pid, "SIGSTOP");
		let run: RunDocument;
		try {
			await eventOf(client, runId, (event) => event.type === "end");
			run = await client.run(runId);
		} finally {
			process.kill(toxiproxy.pid, "SIGCONT");
		}
		t.equal(run.verdict, "invalid");
		t.match(
			run.reasons.find(({ code }) => code === "component_lost")?.message,
			/^toxiproxy does not answer/,
		);
		t.match(run.faults, [{ kind: "timeout", state: "heal_failed" }]);

		// It answers again: what stayed in the ledger is taken back.
		await client.post("/heal");
		t.same((await client.get<{ faults: unknown[] }>("/faults")).faults, []);
	},
);

t.test("a service that has died is started again by stack up, but not under a fault", async (t) => {
	const { client, home } = daemon;
	await client.post("/heal/release");
	const before = await inventory(client, home);
	const latency = { kind: "latency", on: "postgres", params: { latencyMs: 100 }, forMs: 60_000 };
	const { id } = await client.post<FaultRecord>("/faults", latency);
	const { process: toxiproxy } = readRecord(home, "toxiproxy");
	await killTree(toxiproxy!, { graceMs: 0 });
	const refused = faultline("stack", "up");
	t.equal(refused.status, 2, refused.stdout);
	t.match(refused.stderr, new RegExp(`fault ${id} is under way`));

	t.match(await client.delete(`/faults/${id}`), { state: "heal_failed" }, "it is away");
	const { components } = await client.get<StackDocument>("/stack");
	const gone = components.find(({ name }) => name === "toxiproxy");
	t.match(gone, { state: "missing", fix: /faultline stack up/ });
	const up = faultline("stack", "up");
	t.match(up.stdout, /toxiproxy +up/, up.stderr);
	t.same(await inventory(client, home), before, "its proxies are there again, without a toxic");
	t.same((await client.post<{ failures: string[] }>("/stack/up")).failures, [], "the ledger too");
});
