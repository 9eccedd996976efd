import t from "tap";
import type { Started } from "../../daemon/client/client.ts";
import { someone } from "../daemon/stage/someone.ts";
import { eventOf, liveDaemon } from "../live/daemon.ts";

const file = new URL("../fixtures/scenarios/external.scenario.ts", import.meta.url).pathname;

t.test("what was killed and nobody starts again is told as what could not be healed", async (t) => {
	const api = await someone(t);
	const { client } = await liveDaemon(t, { flags: ["--services", "redis"] });
	const { runId } = await client.post<Started>("/runs", {
		file,
		params: { url: api.url, retries: 0, fault: "kill", recoverMs: 200, allowDestructive: true },
	});
	await eventOf(client, runId, ({ type }) => type === "end");
	const run = await client.run(runId);
	t.match(run, { verdict: "invalid", faults: [{ kind: "kill", state: "heal_failed" }] });
	t.match(
		run.reasons.find(({ code }) => code === "heal_failed")?.message,
		/within 10 s nobody listened on 127\.0\.0\.1:\d+ again.*start it yourself/,
	);
});
