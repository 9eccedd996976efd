import { mavenTool } from "../recipes/maven.ts";
import { pythonTool } from "../recipes/python.ts";
import { together } from "../recipes/together.ts";
import type { Tool } from "../tool.ts";

/** PySpark with all that its stateful processors want, Spark's connector for Kafka, and clients of Kafka and Postgres for its sinks. */
export default {
	name: "Spark",
	version: "4.2.0",
	why: "stream experiments run on it with -p engine=spark",
	recipe: together(
		pythonTool({
			lock: new URL("../locks/spark.txt", import.meta.url),
			pythons: [11, 13],
			sources: ["pyspark"],
			sizeMb: 855,
			typicalSeconds: 120,
		}),
		mavenTool({
			lock: new URL("../locks/spark.jars", import.meta.url),
			sizeMb: 10,
			typicalSeconds: 10,
		}),
	),
	variables: {},
} satisfies Tool;
