import "../../base/resolve-hook.ts";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { killTree } from "../../base/process.ts";
import type { FaultSpec } from "../../chaos/fault.ts";
import { loadKind } from "../../chaos/kinds.ts";
import { isFinal, type RunDocument } from "../../daemon/record/document.ts";
import type { RunEvent } from "../../daemon/record/events.ts";
import { readRecord } from "../../daemon/stack/record.ts";
import { servicesIn } from "../../scenarios/contract/needs.ts";
import type { RunParams } from "../../scenarios/contract/run-params.ts";
import type { Scenario } from "../../scenarios/contract/scenario.ts";
import {
	eventOf,
	killHard,
	type LiveDaemon,
	liveDaemon,
	temporaryHome,
	triedOnce,
} from "../live/daemon.ts";
import type { Ending } from "../live/endings.ts";
import { inventory } from "../live/inventory.ts";
import { strays } from "../live/strays.ts";

// Every way in which a run with a fault may end × every kind of fault, on the real services. KINDS and ENDINGS pick
// some, by parts of their names: KINDS=connect,redis.

t.setTimeout(0);

const folder = new URL("../fixtures/scenarios/", import.meta.url);
const flags = ["--services", "postgres,redis,kafka"];

/** A fault, and the fixture in which it can act. */
interface Cell {
	fixture: URL;
	fault: FaultSpec;
}

/** What ends a run while its fault is in force, from outside; the daemon that is there afterwards. */
type Outside = (daemon: LiveDaemon, runId: string, cell: Cell) => Promise<LiveDaemon>;

const home = temporaryHome(t);
const start = () => liveDaemon(t, { home, flags });

const outside: Record<string, Outside> = {
	async "a stop"(daemon, runId) {
		await daemon.client.post(`/runs/${runId}/stop`);
		return daemon;
	},
	async "the red button"(daemon) {
		await daemon.client.post("/heal");
		await daemon.client.post("/heal/release");
		return daemon;
	},
	async "a service that dies while it is broken"(daemon, runId, { fault, fixture }) {
		const victim = await serviceOf(fault, fixture);
		await killTree(readRecord(home, victim).process!, { graceMs: 0 });
		await eventOf(daemon.client, runId, (event) => event.type === "end");
		const { failures } = await daemon.client.post<{ failures: string[] }>("/stack/up");
		if (failures.length > 0) throw new Error(failures.join("; "));
		return daemon;
	},
	async "a signal"(daemon) {
		daemon.process.kill("SIGTERM");
		await daemon.exited;
		return start();
	},
	async "kill -9"(daemon) {
		await killHard(daemon);
		return start();
	},
};

/** The service whose death is the worst that can happen to this fault. */
async function serviceOf({ kind, on }: FaultSpec, fixture: URL): Promise<string> {
	const { acts } = await loadKind(kind);
	if (acts === "path") return "toxiproxy";
	if (acts !== "process") return acts;
	const { needs } = await scenarioOf(fixture);
	return servicesIn(needs).find((service) => service === on) ?? "toxiproxy";
}

const verdicts: Record<Ending, Partial<RunDocument>> = {
	well: { state: "done" },
	"failed check": { state: "done", verdict: "failed" },
	"abort condition": { state: "aborted", verdict: "failed" },
	"hook throws": { state: "aborted" },
	"host dies": { state: "crashed", verdict: "failed" },
};

function picked(variable: "KINDS" | "ENDINGS", name: string): boolean {
	return (process.env[variable] ?? "").split(",").some((part) => name.includes(part));
}

async function scenarioOf(fixture: URL): Promise<Scenario> {
	return ((await import(fixture.href)) as { default: Scenario }).default;
}

async function cells(): Promise<Cell[]> {
	// Where two fixtures have a kind, the one with a path of the run's own comes first.
	const names = readdirSync(folder)
		.filter((name) => /^(kinds.*|broken-services)\.scenario\.ts$/.test(name))
		.sort((a, b) => Number(b === "kinds.scenario.ts") - Number(a === "kinds.scenario.ts"));
	const known = new Map<string, Cell>();
	for (const name of names) {
		const fixture = new URL(name, folder);
		const scenario = await scenarioOf(fixture);
		const { faults = [] } = scenario.plan({ seed: 1, size: "default", guard: "on" } as RunParams);
		for (const { fromMs, toMs, ...fault } of faults) {
			const victim = servicesIn(scenario.needs).find((service) => service === fault.on);
			const kind = await loadKind(fault.kind);
			const { acts } = kind;
			const key = acts === "process" && victim ? `${fault.kind} of ${victim}` : fault.kind;
			// What needs three brokers has a suite of its own.
			if ((await kind.available?.(() => false)) != null) continue;
			if (!picked("KINDS", key)) continue;
			const whole = { ...fault, fromMs: 0, toMs: Math.max(1_500, toMs - fromMs) } as FaultSpec;
			if (!known.has(key)) known.set(key, { fixture, fault: whole });
		}
	}
	return [...known.values()];
}

/** Waits until a run's fault acts; where the run ends before it does, its reasons say why. */
async function brokenIn({ client }: LiveDaemon, runId: string, what: string): Promise<void> {
	const acts = (event: RunEvent) => event.type === "fault" && event.fault.injectedMs !== null;
	try {
		await eventOf(client, runId, acts);
	} catch (error) {
		const { state, verdict, reasons } = await client.run(runId);
		throw new Error(`${what}: the run is ${state}, ${verdict}: ${JSON.stringify(reasons)}`, {
			cause: error,
		});
	}
}

t.test("whatever ends a run, and whatever is broken, nothing of it is left", async (t) => {
	const written = mkdtempSync(join(tmpdir(), "faultline-endings-"));
	t.teardown(() => rmSync(written, { recursive: true, force: true }));
	let daemon = await start();
	const before = await inventory(daemon.client, home);
	const ways = [...Object.keys(verdicts), ...Object.keys(outside)].filter((way) =>
		picked("ENDINGS", way),
	);
	let [runs, healed, latestMs] = [0, 0, 0];
	/** From the planned to the real instant of each injection. */
	const lateMs: number[] = [];
	for (const cell of await cells()) {
		const { fault, fixture } = cell;
		const slowest = { ms: 0, way: "" };
		for (const way of ways) {
			const what = `${fault.kind} on ${fault.on}, ended by: ${way}`;
			const file = join(written, `ending-${++runs}.scenario.ts`);
			const end = outside[way];
			const text = `import { ending } from ${JSON.stringify(new URL("../live/endings.ts", import.meta.url).href)};
import base from ${JSON.stringify(fixture.href)};
export default ending(base, ${JSON.stringify(fixture.href)}, ${JSON.stringify(fault)}, ${JSON.stringify(end ? "well" : way)});
`;
			writeFileSync(file, text);
			const { runId } = await daemon.client.post<{ runId: string }>("/runs", {
				file,
				params: triedOnce,
			});
			if (end === undefined) {
				await eventOf(daemon.client, runId, (event) => event.type === "end");
			} else {
				await brokenIn(daemon, runId, what);
				daemon = await end(daemon, runId, cell);
			}
			const run = await daemon.client.run(runId);
			t.ok(isFinal(run.state), `${what}: the run is ${run.state}`);
			if (end === undefined) t.match(run, verdicts[way as Ending], `${what}: its verdict`);
			// Who is dead by the fault itself dies no second time.
			else if (fault.kind !== "kill" || !way.includes("dies"))
				t.not(run.verdict, "passed", `${what}: it has not passed`);
			t.same(await inventory(daemon.client, home), before, `${what}: everything is as before`);
			t.same(await strays(daemon), [], `${what}: no process is left`);
			for (const { state, plannedFromMs, injectedMs, plannedToMs, healedMs } of run.faults) {
				if (injectedMs !== null) lateMs.push(injectedMs - plannedFromMs);
				if (way !== "well" || state !== "healed") continue;
				slowest.ms = Math.max(slowest.ms, healedMs! - plannedToMs);
			}
			healed += run.faults.filter(({ state }) => state === "healed").length;
		}
		latestMs = Math.max(latestMs, slowest.ms);
		t.comment(`${fault.kind} on ${fault.on}: healed ${slowest.ms.toFixed(0)} ms after its time`);
	}
	t.comment(`${runs} runs, ${healed} faults seen healed, at most ${latestMs.toFixed(0)} ms late`);
	const p99Ms = lateMs.toSorted((a, b) => a - b)[Math.floor(0.99 * lateMs.length)] ?? 0;
	t.comment(`${lateMs.length} injections, of which 99 % at most ${p99Ms.toFixed(1)} ms late`);
});
