import type { LiveFault } from "../../chaos/live-faults.ts";
import { type Chooser, type Choosing, type Column, columns, draftOf, forSteps } from "./chooser.ts";
import { type Dashboard, tell } from "./dashboard.ts";
import type { Pressed } from "./effects.ts";
import { stepped } from "./kind-params.ts";

/** A key while the chooser is open. */
export function pressChooser(state: Dashboard, key: string): Pressed {
	const { chooser, kinds } = state.byHand;
	const only = (change: Partial<Chooser>): Pressed => ({
		state: { ...state, byHand: { ...state.byHand, chooser: { ...chooser, ...change } } },
		effects: [],
	});
	switch (key) {
		case "escape":
		case "q":
			return { state: { ...state, mode: "normal" }, effects: [] };
		case "up":
			return only(moved(state.byHand, -1));
		case "down":
			return only(moved(state.byHand, 1));
		case "left":
		case "S-tab":
			return only({ column: columnBeside(chooser.column, -1) });
		case "right":
		case "tab":
			return only({ column: columnBeside(chooser.column, 1) });
		case "+":
		case "=":
			return only(amountStepped(state.byHand, "up"));
		case "-":
			return only(amountStepped(state.byHand, "down"));
		case "enter":
			return inject(state);
		default: {
			const at = kinds.findIndex(({ kind }) => kind === draftOf(state.byHand)?.row.kind);
			const beginning = [...kinds.slice(at + 1), ...kinds.slice(0, at + 1)];
			const next =
				key.length === 1 ? beginning.find(({ kind }) => kind.startsWith(key)) : undefined;
			return next === undefined ? only({}) : only({ column: "kind", kind: next.kind });
		}
	}
}

function inject(state: Dashboard): Pressed {
	const draft = draftOf(state.byHand);
	if (draft === null || draft.on === null || draft.obstacle !== null) {
		const why = draft?.obstacle ?? "the kinds of faults are not known yet";
		return { state: tell(state, why, "warn"), effects: [] };
	}
	const { row, on, forMs, params } = draft;
	const fault: LiveFault = { kind: row.kind, on, forMs, params };
	// The next time begins with the choice of this time.
	const chooser: Chooser = { ...state.byHand.chooser, column: "kind", kind: row.kind, on };
	const closed: Dashboard = { ...state, mode: "normal", byHand: { ...state.byHand, chooser } };
	return {
		state: { ...tell(closed, `injecting ${row.kind} on ${on} …`, "plain"), busy: "injecting" },
		effects: [{ do: "inject", fault }],
	};
}

function moved(choosing: Choosing, by: number): Partial<Chooser> {
	const draft = draftOf(choosing);
	if (draft === null) return {};
	const { column, forMs } = choosing.chooser;
	switch (column) {
		case "kind": {
			const names = choosing.kinds.map(({ kind }) => kind);
			return { kind: beside(names, draft.row.kind, by) };
		}
		case "on":
			return { on: beside(draft.row.on, draft.on, by) };
		case "for":
			return { forMs: beside(forSteps, forMs, by) ?? forMs };
		default:
			return column satisfies never;
	}
}

function amountStepped(choosing: Choosing, to: "up" | "down"): Partial<Chooser> {
	const draft = draftOf(choosing);
	if (draft === null || draft.amount === null) return {};
	const { row, amount, params } = draft;
	const next = stepped(Number(params[amount]), to, row.params.properties?.[amount] ?? {});
	return { amounts: { ...choosing.chooser.amounts, [row.kind]: next } };
}

/** Stops at the ends. */
function beside<T>(all: readonly T[], now: T, by: number): T {
	const at = Math.max(0, Math.min(all.length - 1, all.indexOf(now) + by));
	return all[at] ?? now;
}

function columnBeside(column: Column, by: number): Column {
	return columns[(columns.indexOf(column) + by + columns.length) % columns.length] ?? column;
}
