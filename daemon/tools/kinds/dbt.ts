import { pythonTool } from "../recipes/python.ts";
import type { Tool } from "../tool.ts";

/** dbt on Postgres. Below 1.12, which needs a download that is no package of a registry. */
export default {
	name: "dbt",
	version: "1.11.16",
	why: "an experiment builds its models with it",
	recipe: pythonTool({
		lock: new URL("../locks/dbt.txt", import.meta.url),
		pythons: [11, 13],
		sizeMb: 150,
		typicalSeconds: 30,
	}),
	variables: { DBT_SEND_ANONYMOUS_USAGE_STATS: "false", DO_NOT_TRACK: "1" },
} satisfies Tool;
