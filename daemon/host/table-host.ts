import "../../base/resolve-hook.ts";
import { pathToFileURL } from "node:url";
import { messageOf } from "../../base/errors.ts";
import type { Suite } from "../../scenarios/contract/suite.ts";
import { cellsOf, conclusionsOf } from "./cells.ts";
import type { TableAnswer, TableJob } from "./protocol.ts";

// Works out the values of one suite's table, and ends: its functions are a user's code.

process.once("message", async (job: TableJob) => {
	process.send?.(await answerTo(job), () => process.exit());
});
// Nobody waits for it any more.
process.once("disconnect", () => process.exit());

async function answerTo({ file, runs }: TableJob): Promise<TableAnswer> {
	try {
		const { default: suite } = (await import(pathToFileURL(file).href)) as { default?: Suite };
		const table = suite?.table;
		if (table === undefined) throw new Error("the suite has no table any more");
		const cells = runs.map((run) => cellsOf(table, run));
		return { ok: true, cells, conclusions: conclusionsOf(table, runs) };
	} catch (error) {
		return { ok: false, message: messageOf(error) };
	}
}
