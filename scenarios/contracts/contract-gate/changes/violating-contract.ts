import type { Property } from "../../../subjects/gate/odcs.ts";
import { both, breaking } from "../../../subjects/gate/part.ts";
import { widened } from "../../../subjects/shop/tables.ts";
import type { Kind, Part } from "./change.ts";
import {
	allowNull,
	bump,
	columnOf,
	type Declared,
	declare,
	declared,
	editContract,
	freshName,
	isPlain,
	objectOf,
	oneOf,
	propertyOf,
	setType,
	undeclared,
} from "./parts.ts";

// Contracts that are edited together with what breaks them, or just so, without the version that this needs.

/** Edits a property of a contract, with a version that is not enough for it. */
function unbumped(
	fits: (at: Declared) => boolean,
	text: string,
	edit: (property: Property) => void,
	alongOf: (at: Declared) => Part | null = () => null,
): Kind {
	return (draw, shop) => {
		const at = oneOf(draw, declared(shop).filter(fits));
		if (at === null) return null;
		const by = oneOf(draw, [null, "patch", "minor"] as const);
		const part = editContract(
			`${text} ${at.table}.${at.column}, by ${by ?? "no"} version`,
			at.file,
			(contract, shop) => {
				edit(propertyOf(shop, at));
				if (by !== null) bump(contract, by);
			},
		);
		const along = alongOf(at);
		return breaking(along === null ? part : both(along, part), [at.table, at.column], "version");
	};
}

export const violatingContract = {
	"contract-forgets-column": (draw, shop) => {
		const at = oneOf(draw, declared(shop).filter(isPlain));
		if (at === null) return null;
		const { file, table, column } = at;
		const forget = editContract(`leave ${table}.${column} out of ${file}`, file, (_, shop) => {
			const object = objectOf(shop, file, table);
			object.properties = object.properties!.filter(({ name }) => name !== column);
		});
		return breaking(forget, [table, column], "version");
	},
	"contract-type-follows": (draw, shop, n) =>
		unbumped(
			({ table, column }) => /^character varying/.test(columnOf(shop, table, column).type),
			"widen the type of",
			(property) => {
				property.physicalType = property.physicalType!.replace(
					/\d+/,
					(size) => `${2 * Number(size)}`,
				);
			},
			({ table, column }) => setType(table, column, widened(columnOf(shop, table, column).type)!),
		)(draw, shop, n),
	"contract-requires-less": unbumped(
		({ property }) => property.required === true && property.primaryKey !== true,
		"no longer require",
		(property) => {
			property.required = false;
		},
		({ table, column }) => allowNull(table, column),
	),
	"contract-rule-gone": unbumped(
		({ property }) => (property.quality ?? []).length > 0,
		"have no rule about",
		(property) => {
			property.quality = [];
		},
	),
	"contract-rule-loosened": unbumped(
		({ property }) => (property.quality ?? []).length > 0,
		"allow a little against the rule about",
		({ quality }) => {
			delete quality![0]!.mustBe;
			quality![0]!.mustBeLessThan = 10;
		},
	),
	"contract-adds-unbumped": (draw, shop) => {
		const { table, column } = oneOf(draw, undeclared(shop)) ?? {};
		const at = declared(shop).find((one) => one.table === table);
		if (table === undefined || column === undefined || at === undefined) return null;
		const type = columnOf(shop, table, column).type;
		return breaking(declare(at.file, table, column, type), [table, column], "version");
	},
	"contract-version-lowered": (draw, shop) => {
		const file = oneOf(draw, Object.keys(shop.contracts))!;
		const lower = editContract(`version 0.9.0 of ${file}`, file, (contract) => {
			contract.version = "0.9.0";
		});
		return breaking(lower, [shop.contracts[file]!.id], "version");
	},
	"contract-removed": (draw, shop) => {
		const file = oneOf(draw, Object.keys(shop.contracts))!;
		const remove = editContract(`remove ${file}`, file, (_, shop) => {
			delete shop.contracts[file];
		});
		return breaking(remove, [file], "version");
	},
	"contract-misspelt": (draw, shop) => {
		const at = oneOf(draw, declared(shop))!;
		const misspell = editContract(`write "requierd" in ${at.file}`, at.file, (_, shop) => {
			Object.assign(propertyOf(shop, at), { requierd: true });
		});
		return breaking(misspell, [at.file], "odcs");
	},
	"contract-unjudged": (draw, shop) => {
		const at = oneOf(draw, declared(shop))!;
		const name = freshName(draw, "rule");
		const add = editContract(
			`a rule about ${at.table}.${at.column} of another engine`,
			at.file,
			(contract, shop) => {
				const property = propertyOf(shop, at);
				property.quality = [
					...(property.quality ?? []),
					Object.assign(
						{ name, type: "custom" as const },
						{ engine: "other", implementation: "?" },
					),
				];
				bump(contract, "minor");
			},
		);
		return breaking(add, [at.table, at.column], name);
	},
} satisfies Record<string, Kind>;
