import type { RunNames } from "faultline";
import { numberVariable, variable } from "faultline/subject";
import type { SourceOptions } from "../source.ts";
import type { TopicOptions } from "./topic.ts";

/** Where the connector runs, and the topic that it writes to. */
export interface DebeziumOptions extends TopicOptions {
	source: SourceOptions;
	/** Kafka Connect's own API, with user and password. */
	connectUrl: string;
	connector: string;
	/** More of the connector's own settings, or others: where its worker has the password from, for one. */
	settings: Readonly<Record<string, string>>;
	names: RunNames;
}

/** What a consumer of Debezium's is told beside what every one is, by its environment. */
export function debeziumOptions(source: SourceOptions): DebeziumOptions {
	const topicPrefix = variable("FLT_TOPIC_PREFIX", "");
	const topic = `${topicPrefix}lake`;
	return {
		source,
		brokers: variable("FLT_PATH_LOG", "127.0.0.1:9092").split(","),
		connectUrl: variable("FLT_PATH_CONNECTORS", "http://127.0.0.1:8083"),
		topic,
		connector: topic,
		settings: JSON.parse(variable("CONNECTOR_SETTINGS", "{}")) as Record<string, string>,
		group: `${topic}-consumer`,
		sessionMs: numberVariable("SESSION_TIMEOUT_MS", 6_000),
		names: {
			database: variable("FLT_DATABASE", "lake"),
			topicPrefix,
			keyPrefix: variable("FLT_KEY_PREFIX", ""),
			bucketPrefix: variable("FLT_BUCKET_PREFIX", ""),
		},
	};
}
