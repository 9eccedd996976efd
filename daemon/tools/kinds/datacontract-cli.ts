import { pythonTool } from "../recipes/python.ts";
import type { Tool } from "../tool.ts";

/** The Data Contract CLI on Postgres. */
export default {
	name: "Data Contract CLI",
	version: "1.2.8",
	why: "a gate of contracts is compared with it",
	recipe: pythonTool({
		lock: new URL("../locks/datacontract-cli.txt", import.meta.url),
		pythons: [11, 13],
		sizeMb: 500,
		typicalSeconds: 110,
	}),
	// It has no telemetry of its own; what it stands on is told all the same.
	variables: { DO_NOT_TRACK: "1" },
} satisfies Tool;
