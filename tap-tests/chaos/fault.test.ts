import t from "tap";
import { type FaultUndo, faultKind, type NoParams, noParams } from "../../chaos/fault.ts";

interface TableUndo extends FaultUndo {
	table: string;
}

t.test("what a kind is given to take back is what it has planned, by its type", (t) => {
	faultKind<NoParams, TableUndo>({
		victim: "nobody",
		acts: "path",
		heals: "fully",
		params: noParams,
		// @ts-expect-error the undo has no table
		plan: async (_target, on, _params, faultId) => ({ faultId, on }),
		inject: async (_target, { table }) => void table.toUpperCase(),
		// @ts-expect-error there is no such name in the undo
		prove: async (_target, { tabel }) => ({ ok: true, seen: tabel }),
		heal: async () => {},
		gone: async (_target, { on }) => ({ ok: true, seen: on }),
	});
	// @ts-expect-error a date is none any more when a ledger gives it back
	faultKind<NoParams, { at: Date }>;
	t.pass("the compiler said so");
	t.end();
});
