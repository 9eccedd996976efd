import { mavenTool } from "../recipes/maven.ts";
import type { Tool } from "../tool.ts";

const version = "2.2.1";

/** Flink, its connector for Kafka, a driver for Postgres, and `flink-run`, which compiles a job and runs it in its own process. */
export default {
	name: "Flink",
	version,
	why: "stream experiments run on it with -p engine=flink",
	recipe: mavenTool({
		artifacts: [
			`org.apache.flink:flink-clients:${version}`,
			`org.apache.flink:flink-streaming-java:${version}`,
			`org.apache.flink:flink-connector-base:${version}`,
			"org.apache.flink:flink-connector-kafka:5.0.0-2.2",
			// As the connector of Debezium's has it.
			"org.postgresql:postgresql:42.7.13",
			"org.slf4j:slf4j-simple:1.7.36",
		],
		files: ["flink-run.sh", "FlinkWarmUp.java"].map(
			(name) => new URL(`../programs/${name}`, import.meta.url),
		),
		setUp: ["flink-run", "--warm-up"],
		wants: ["java", "javac"],
		sizeMb: 165,
		typicalSeconds: 30,
	}),
	variables: {},
} satisfies Tool;
