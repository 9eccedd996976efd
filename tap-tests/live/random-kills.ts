import "../../base/resolve-hook.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { pause } from "../../base/clock.ts";
import { stream } from "../../base/random.ts";
import type { FaultSpec } from "../../chaos/fault.ts";
import { loadKind } from "../../chaos/kinds.ts";
import { foundText } from "../../daemon/explore/found-file.ts";
import { isFinal } from "../../daemon/record/document.ts";
import { heldBy } from "../../daemon/runs/check-faults.ts";
import type { RunParams } from "../../scenarios/contract/run-params.ts";
import type { Scenario } from "../../scenarios/contract/scenario.ts";
import { killHard, liveDaemon, temporaryHome, triedOnce } from "./daemon.ts";
import { inventory } from "./inventory.ts";
import { strays } from "./strays.ts";

const folder = new URL("../fixtures/scenarios/", import.meta.url);
const faultsAtOnce = 4;
const horizonMs = 1_500;
/** From the request to some time after the last fault: a kill may come before, in or after any phase. */
const runMs = 3_000;

/**
 * Kills the daemon with SIGKILL at so many random instants of runs with random faults, out of all that these fixtures
 * plan, and starts it again: nothing is left of any fault or run, every run is in a final state, every record can be
 * read. What was killed, and in which phase and faults, is told in comments.
 */
export async function randomKills(
	t: Test,
	{
		kills,
		seed,
		fixtures,
		services,
	}: { kills: number; seed: number; fixtures: string[]; services: string },
): Promise<void> {
	const home = temporaryHome(t);
	const flags = ["--services", services];
	const found = mkdtempSync(join(tmpdir(), "faultline-kills-"));
	t.teardown(() => rmSync(found, { recursive: true, force: true }));
	let daemon = await liveDaemon(t, { home, flags });
	const before = await inventory(daemon.client, home);
	const random = stream(seed, "kills");
	const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!;
	const counts = new Map<string, number>();
	const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);

	for (let kill = 1; kill <= kills; kill++) {
		const base = new URL(`${pick(fixtures)}.scenario.ts`, folder);
		const planned = await faultsOf(base);
		const faults: FaultSpec[] = [];
		const held = new Set<string>();
		while (faults.length < faultsAtOnce) {
			const fromMs = Math.floor(random() * (horizonMs - 300));
			const toMs = fromMs + 300 + Math.floor(random() * 600);
			const fault = pick(planned);
			// Two that change the same setting would be refused.
			const holds = await heldBy(fault);
			if (!holds.some((each) => held.has(each))) faults.push({ ...fault, fromMs, toMs });
			for (const each of holds) held.add(each);
		}
		const file = join(found, `kill-${kill}.scenario.ts`);
		writeFileSync(file, scenarioText(base, faults));
		const { runId } = await daemon.client.post<{ runId: string }>("/runs", {
			file,
			params: triedOnce,
		});
		await pause(random() * runMs);
		const run = await daemon.client.run(runId);
		const { faults: active } = await daemon.client.get<{ faults: { kind: string }[] }>("/faults");
		const inForce = active.map(({ kind }) => kind);
		await killHard(daemon);
		for (const what of [run.state, ...inForce]) count(what);

		daemon = await liveDaemon(t, { home, flags });
		const what = `kill ${kill} in ${run.state}, in force: ${inForce.join(", ") || "none"}`;
		t.same(await inventory(daemon.client, home), before, `${what}: everything is as before`);
		t.same(await strays(daemon), [], `${what}: no process is left`);
		const record = await daemon.client.run(runId);
		t.ok(isFinal(record.state), `${what}: the run is ${record.state}`);
		if (!isFinal(run.state))
			t.match(record, { state: "crashed", verdict: "invalid" }, `${what}: it did not pass`);
	}
	const { runs } = await daemon.client.get<{ runs: { state: string }[] }>("/runs?limit=1000");
	t.equal(runs.length, kills, "every record can be read");
	const told = [...counts]
		.sort(([a], [b]) => a.localeCompare(b))
		.map(([what, n]) => `${what} ${n}`);
	t.comment(`${kills} kills; by state and by fault in force: ${told.join(", ")}`);
}

/** Each fault that a fixture plans and this machine can do, whatever its times. */
async function faultsOf(url: URL): Promise<FaultSpec[]> {
	const { default: scenario } = (await import(url.href)) as { default: Scenario };
	const params = { seed: 1, size: "default", guard: "on" } as RunParams;
	const faults = await Promise.all(
		(scenario.plan(params).faults ?? []).map(async (fault) => {
			const why = await (await loadKind(fault.kind)).available?.(() => false);
			return typeof why === "string" ? [] : [fault];
		}),
	);
	return faults.flat();
}

function scenarioText(base: URL, faults: FaultSpec[]): string {
	return foundText(base.href, {
		title: "Random faults, and a daemon that is killed",
		phases: { warmMs: 100, steadyMs: 300, recoverLimitMs: 1_000, intervalMs: 100 },
		faults,
	});
}
