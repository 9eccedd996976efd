import type { Test } from "tap";
import { isAlive, type ProcessIdentity, stateOf } from "../../../base/process.ts";
import type { Home } from "../../../daemon/home/home.ts";
import { readRecord } from "../../../daemon/stack/record.ts";
import { eventOf, isMistake, type LiveDaemon, triedOnce } from "../daemon.ts";
import { inventory } from "../inventory.ts";

const file = new URL("../../fixtures/scenarios/broken-services.scenario.ts", import.meta.url)
	.pathname;

/** Longest way back of a service that was killed. */
const restartLimitMs = 20_000;

const services = ["postgres", "redis", "kafka"] as const;

function rootsOf(home: Home): Record<(typeof services)[number], ProcessIdentity> {
	const root = (id: string) => readRecord(home, id).process!;
	return { postgres: root("postgres"), redis: root("redis"), kafka: root("kafka") };
}

/** Services that a fault freezes and kills come back, and none counts as lost. */
export async function brokenServices(t: Test, { client, home }: LiveDaemon): Promise<void> {
	const [before, rootsBefore] = [await inventory(client, home), rootsOf(home)];
	const { runId } = await client.post<{ runId: string }>("/runs", { file, params: triedOnce });
	await eventOf(client, runId, (event) => event.type === "end");
	const run = await client.run(runId);
	t.match(run, { state: "done" }, JSON.stringify(run.reasons));
	// A generator that was late while a broker boots beside it is no mistake of a fault's.
	t.same(run.reasons.filter(isMistake), []);
	t.same(run.faults.map(({ kind, on }) => `${kind} ${on}`).sort(), [
		"freeze postgres",
		"freeze redis",
		"kill kafka",
		"kill postgres",
		"kill redis",
	]);
	for (const { kind, on, state, seen, healedMs, plannedToMs } of run.faults) {
		t.equal(state, "healed", `${kind} on ${on}: ${seen.join("; ")}`);
		t.ok(healedMs! - plannedToMs < restartLimitMs, `${kind} on ${on} was healed in time`);
	}
	const roots = rootsOf(home);
	for (const id of services) {
		t.ok(isAlive(roots[id]), `${id} lives`);
		t.not(stateOf(roots[id]), "T", `${id} is not stopped`);
		t.not(roots[id].pid, rootsBefore[id].pid, `${id} was started again`);
	}
	t.same(await inventory(client, home), before);
}
