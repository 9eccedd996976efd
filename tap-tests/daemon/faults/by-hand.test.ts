import { join } from "node:path";
import t from "tap";
import { Ledger } from "../../../chaos/ledger.ts";
import { FaultsByHand } from "../../../daemon/faults/by-hand.ts";
import type { RunManager } from "../../../daemon/runs/manager.ts";
import type { RunStack } from "../../../daemon/runs/stage.ts";

t.test("a kind that this machine can't do is refused with the reason", async (t) => {
	const ledger = new Ledger(join(t.testdir(), "ledger.ndjson"));
	t.teardown(() => ledger.close());
	const runs = { blocked: null, active: null } as unknown as RunManager;
	const stack = { endpoint: () => null, proxied: () => null, env: {} } as unknown as RunStack;
	const faults = new FaultsByHand(runs, stack, ledger);
	t.intercept(process, "env", { value: { ...process.env, PATH: t.testdir() } });
	await t.rejects(
		faults.inject({ kind: "cpu-pressure", on: "postgres", params: {}, forMs: 1_000 }),
		{ code: "FLT_NO_PATH", message: /^cpu-pressure is unavailable here: there is no taskset/ },
	);
	t.same(ledger.pending, []);
});
