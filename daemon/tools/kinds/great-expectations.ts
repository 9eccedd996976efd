import { pythonTool } from "../recipes/python.ts";
import type { Tool } from "../tool.ts";

/** Great Expectations on Postgres. */
export default {
	name: "Great Expectations",
	version: "1.24.1",
	why: "an experiment validates its batches with it",
	recipe: pythonTool({
		lock: new URL("../locks/great-expectations.txt", import.meta.url),
		pythons: [11, 13],
		sizeMb: 400,
		typicalSeconds: 150,
	}),
	variables: { GX_ANALYTICS_ENABLED: "false", DO_NOT_TRACK: "1" },
} satisfies Tool;
