import { readFileSync } from "node:fs";
import type { Contract } from "../../../subjects/gate/odcs.ts";
import { shopTables, type Table, tablesSql } from "../../../subjects/shop/tables.ts";
import { firstContracts } from "./contracts.ts";

// What main holds, as the seed has it: tables with their rows, the contracts, the models, and the migrations that lead
// there. Changes are made of it, and what they break is worked out from it; nothing of it has met a database.

export interface Shop {
	tables: Record<string, Table>;
	/** By their file names. */
	contracts: Record<string, Contract>;
	/** By their names: the query of each. */
	models: Record<string, string>;
	/** By their names: the SQL of each. */
	migrations: Record<string, string>;
	/** By their paths: whatever else is in the repository. */
	others: Record<string, string>;
}

/** What main holds at first; the same for the same seed. */
export function firstShop(seed: number): Shop {
	const tables = shopTables(seed);
	const { create, insert } = tablesSql(tables);
	return {
		tables,
		contracts: firstContracts(),
		models: {
			customer_totals:
				"select customer_id, count(*) as orders_count, sum(total_cents) as total_cents\nfrom orders group by customer_id\n",
		},
		migrations: {
			"0001_shop": create,
			"0002_sample": insert,
		},
		others: {
			".github/workflows/contract-gate.yml": readFileSync(
				new URL("../ci/contract-gate.yml", import.meta.url),
				"utf8",
			),
			"README.md":
				"# Shop\n\nIts tables, the contracts that others read them by, and the models made of them.\n",
		},
	};
}
