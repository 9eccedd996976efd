import t from "tap";
import type { RunDocument } from "../../../daemon/runs/document.ts";
import { readRecord } from "../../../daemon/stack/record.ts";
import { eventOf, liveDaemon } from "../daemon.ts";

t.test(
	"a Toxiproxy that hangs in the middle of a run is noticed and named, and the run is invalid",
	async (t) => {
		const { client, home } = await liveDaemon(t, { flags: ["--services", "postgres"] });
		const { runId } = await client.start("retry-storm", {
			...{ size: "small", outageMs: "30000", inFlightMax: "9000" },
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
