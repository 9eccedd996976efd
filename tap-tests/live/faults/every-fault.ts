import type { Test } from "tap";
import { eventOf, isMistake, type LiveDaemon, triedOnce } from "../daemon.ts";
import { inventory } from "../inventory.ts";

/** Runs a scenario that plans faults: each is proved, healed and seen to be gone, its checks pass, nothing is left. */
export async function everyFault(
	t: Test,
	{ client, home }: LiveDaemon,
	scenario: string,
	params: object = {},
): Promise<void> {
	const file = new URL(`../../fixtures/scenarios/${scenario}.scenario.ts`, import.meta.url);
	const before = await inventory(client, home);
	const { runId } = await client.post<{ runId: string }>("/runs", {
		file: file.pathname,
		params: { ...params, ...triedOnce },
	});
	await eventOf(client, runId, (event) => event.type === "end");
	const run = await client.run(runId);
	for (const {
		kind,
		on,
		state,
		seen,
		injectedMs,
		plannedFromMs,
		provedMs,
		healedMs,
		cleanMs,
	} of run.faults) {
		const what = `${kind} on ${on}: ${seen.join("; ")}`;
		t.equal(state, "healed", what);
		t.ok(injectedMs! >= plannedFromMs - 5, `${kind} was not injected before its time`);
		t.ok(
			injectedMs! <= provedMs! && provedMs! <= healedMs! && healedMs! <= cleanMs!,
			`${kind} in its order`,
		);
	}
	// A generator that was late on a busy machine is no mistake of a fault's.
	t.same(run.reasons.filter(isMistake), []);
	t.same(await inventory(client, home), before);
}
