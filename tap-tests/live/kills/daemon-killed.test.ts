import t from "tap";
import { eventOf, killHard, liveDaemon, temporaryHome } from "../daemon.ts";
import { inventory } from "../inventory.ts";

t.test(
	"a daemon killed in the fault phase leaves nothing behind once it is started again",
	async (t) => {
		const home = temporaryHome(t);
		const flags = ["--services", "postgres"];
		const first = await liveDaemon(t, { home, flags });
		const before = await inventory(first.client, home);
		const { runId } = await first.client.start("retry-storm", {
			size: "small",
			outageMs: "30000",
			inFlightMax: "9000",
		});
		await eventOf(
			first.client,
			runId,
			(event) => event.type === "fault" && event.fault.provedMs !== null,
		);
		const during = await inventory(first.client, home);
		t.not(during.toxics.length, 0, "a toxic is in force");
		t.not(during.databases.length, before.databases.length, "the run has a database");
		await killHard(first);

		const second = await liveDaemon(t, { home, flags });
		t.match(second.output(), /healed 1 of 1 faults/, "the ledger was healed before it listened");
		t.match(
			second.output(),
			/postgres \S+ is up \(adopted\)/,
			"healthy services were adopted, not booted again",
		);
		t.same(
			await inventory(second.client, home),
			before,
			"services, proxies and processes are as before",
		);
		const record = await second.client.run(runId);
		t.match(record, { state: "crashed", verdict: "invalid", reasons: [{ code: "crashed" }] });

		second.process.kill("SIGTERM");
		t.equal(await second.exited, 143, "it ends by the signal, in order");
	},
);
