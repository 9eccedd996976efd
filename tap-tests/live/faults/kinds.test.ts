import t from "tap";
import { kindNames } from "../../../chaos/kinds.ts";
import { eventOf, liveDaemon } from "../daemon.ts";
import { inventory } from "../inventory.ts";

const file = new URL("../../fixtures/scenarios/kinds.scenario.ts", import.meta.url).pathname;

t.test(
	"each kind takes effect on the path it breaks, is seen there, heals and is seen to be gone",
	async (t) => {
		const { client, home } = await liveDaemon(t, { flags: ["--services", "postgres"] });
		const before = await inventory(client, home);
		const { runId } = await client.post<{ runId: string }>("/runs", { file });
		await eventOf(client, runId, (event) => event.type === "end");
		const run = await client.run(runId);
		t.same(
			[...new Set(run.faults.map(({ kind }) => kind))].sort(),
			kindNames(),
			"all kinds were planned",
		);
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
		t.same(
			run.reasons.filter(({ code }) => code !== "generator_saturated"),
			[],
		);
		t.same(await inventory(client, home), before);
	},
);
