import { join } from "node:path";
import t from "tap";
import { asLeft } from "../../../daemon/cli/as-left.ts";
import { openHome } from "../../../daemon/home/home.ts";
import { lockHome } from "../../../daemon/home/lock.ts";
import { RunStore } from "../../../daemon/record/store.ts";
import { runDocument } from "../record/run-document.ts";
import { command } from "./command.ts";

t.test(
	"a run that a killed daemon left is listed and shown as crashed, while none lives",
	async (t) => {
		const home = openHome(join(t.testdir(), "home"));
		const store = new RunStore(home.runs);
		const left = runDocument({ state: "steady", verdict: null, endedAt: null, reasons: [] });
		store.create(left);
		store.close();
		const where = ["--home", home.folder];
		t.match((await command(t, ["list", ...where])).out, / crashed +invalid /);
		t.match(
			(await command(t, ["show", left.runId, ...where])).out,
			/ended while the run was steady/,
		);
		const lock = await lockHome(home, "a daemon");
		t.equal(asLeft(home, left), left, "of one that lives it is under way");
		lock.release();
	},
);
