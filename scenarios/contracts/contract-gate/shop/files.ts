import { stringify } from "yaml";
import type { Shop } from "./shop.ts";

/** All that the repository holds, by path. */
export function filesOf({ contracts, models, migrations, others }: Shop): Record<string, string> {
	const all: Record<string, string> = { ...others };
	for (const [file, contract] of Object.entries(contracts))
		all[`contracts/${file}`] = stringify(contract, { lineWidth: 110 });
	for (const [name, sql] of Object.entries(models)) all[`models/${name}.sql`] = sql;
	for (const [name, sql] of Object.entries(migrations)) all[`migrations/${name}.sql`] = sql;
	return all;
}
