import { pick } from "faultline";
import { always, both, breaking } from "../../../subjects/gate/part.ts";
import { type Kind, migrationName } from "./change.ts";
import { forgotten, harmless } from "./harmless.ts";
import {
	addColumn,
	declared,
	dropColumn,
	freshName,
	harmlessPart,
	isDroppable,
	oneOf,
	setRows,
	someKeys,
	undeclared,
} from "./parts.ts";

// Two proposals of the same main, of which each passes alone.

export const violatingPairs = {
	/** One drops a column that nobody has promised, the other makes a model of it. */
	"pair-model-and-column": (draw, shop) => {
		const at = oneOf(
			draw,
			undeclared(shop).filter(({ column }) => column !== "id"),
		);
		if (at === null) return null;
		const name = freshName(draw, "values");
		const model = harmlessPart(
			`add the model ${name} of ${at.table}.${at.column}`,
			null,
			({ models }) => {
				models[name] =
					`select ${at.column}, count(*) as rows_count from ${at.table} group by ${at.column}\n`;
			},
		);
		return {
			way: { kind: "pair", second: [breaking(model, [name], "builds")] },
			parts: [dropColumn(at.table, at.column)],
		};
	},
	/** One drops a column, and says so; the other writes into it. */
	"pair-drop-and-rows": (draw, shop, n) => {
		const at = oneOf(
			draw,
			declared(shop).filter((one) => one.table === "orders" && isDroppable(one)),
		);
		if (at === null) return null;
		const { file, table, column } = at;
		const keys = someKeys(draw, shop.tables.orders!, "order_id");
		const rows = setRows(table, "order_id", column, keys, always("x"));
		const place = [migrationName({ n, kind: "pair-drop-and-rows" }, 1)];
		return {
			way: { kind: "pair", second: [breaking(rows, place, "applies")] },
			parts: [both(dropColumn(table, column), forgotten(file, table, column))],
		};
	},
	/** Both add a column of the same name. */
	"pair-same-column": (draw, shop, n) => {
		const table = pick(draw, Object.keys(shop.tables));
		const column = freshName(draw, "same");
		const place = [migrationName({ n, kind: "pair-same-column" }, 1)];
		return {
			way: { kind: "pair", second: [breaking(addColumn(table, column), place, "applies")] },
			parts: [addColumn(table, column)],
		};
	},
} satisfies Record<string, Kind>;

export const harmlessPairs = {
	"pair-harmless": (draw, shop) => ({
		way: { kind: "pair", second: [harmless["column-added"](draw, shop)] },
		parts: [harmless["rows-added"](draw, shop)],
	}),
} satisfies Record<string, Kind>;
