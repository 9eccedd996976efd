import { join } from "node:path";
import t from "tap";
import { Ledger } from "../../../chaos/ledger.ts";
import { openHome } from "../../../daemon/home/home.ts";
import { command } from "./command.ts";

t.test(
	"a fault that nobody can heal is given up by its id, with what was to be taken back",
	async (t) => {
		const home = openHome(join(t.testdir(), "home"));
		const ledger = new Ledger(home.ledgerFile);
		ledger.record({
			faultId: "melt-1",
			runId: null,
			kind: "melt" as "down",
			on: "db",
			undo: { table: "orders", url: "postgres://u:hush@db/x" },
			state: "planned",
			plannedAt: "2026-01-01T00:00:00.000Z",
			limitMs: 1_000,
		});
		ledger.close();
		const flags = ["--home", home.folder];
		const wrong = await command(t, ["heal", "--drop", "melt-2", ...flags]);
		t.match(wrong, { code: 2, err: /no fault "melt-2" is left.*left: melt-1/s });
		const right = await command(t, ["heal", "--drop", "melt-1", ...flags]);
		t.match(right, { code: 0, out: /dropped melt-1: melt on db; not taken back: .*"orders"/ });
		t.notMatch(right.out, "hush");
		t.match(await command(t, ["heal", ...flags]), { code: 0, out: /nothing to heal/ });
	},
);
