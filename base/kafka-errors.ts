/** Kafka's names of its error codes: those that one who produces, reads or manages topics and groups may be told. */
const names: Record<number, string> = {
	[-1]: "UNKNOWN_SERVER_ERROR",
	1: "OFFSET_OUT_OF_RANGE",
	2: "CORRUPT_MESSAGE",
	3: "UNKNOWN_TOPIC_OR_PARTITION",
	4: "INVALID_FETCH_SIZE",
	5: "LEADER_NOT_AVAILABLE",
	6: "NOT_LEADER_OR_FOLLOWER",
	7: "REQUEST_TIMED_OUT",
	8: "BROKER_NOT_AVAILABLE",
	9: "REPLICA_NOT_AVAILABLE",
	10: "MESSAGE_TOO_LARGE",
	13: "NETWORK_EXCEPTION",
	14: "COORDINATOR_LOAD_IN_PROGRESS",
	15: "COORDINATOR_NOT_AVAILABLE",
	16: "NOT_COORDINATOR",
	17: "INVALID_TOPIC_EXCEPTION",
	18: "RECORD_LIST_TOO_LARGE",
	19: "NOT_ENOUGH_REPLICAS",
	20: "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
	21: "INVALID_REQUIRED_ACKS",
	22: "ILLEGAL_GENERATION",
	25: "UNKNOWN_MEMBER_ID",
	27: "REBALANCE_IN_PROGRESS",
	29: "TOPIC_AUTHORIZATION_FAILED",
	30: "GROUP_AUTHORIZATION_FAILED",
	31: "CLUSTER_AUTHORIZATION_FAILED",
	32: "INVALID_TIMESTAMP",
	33: "UNSUPPORTED_SASL_MECHANISM",
	34: "ILLEGAL_SASL_STATE",
	35: "UNSUPPORTED_VERSION",
	36: "TOPIC_ALREADY_EXISTS",
	41: "NOT_CONTROLLER",
	42: "INVALID_REQUEST",
	43: "UNSUPPORTED_FOR_MESSAGE_FORMAT",
	44: "POLICY_VIOLATION",
	56: "KAFKA_STORAGE_ERROR",
	58: "SASL_AUTHENTICATION_FAILED",
	72: "LISTENER_NOT_FOUND",
	74: "FENCED_LEADER_EPOCH",
	75: "UNKNOWN_LEADER_EPOCH",
	76: "UNSUPPORTED_COMPRESSION_TYPE",
	78: "OFFSET_NOT_AVAILABLE",
	87: "INVALID_RECORD",
	89: "THROTTLING_QUOTA_EXCEEDED",
	100: "UNKNOWN_TOPIC_ID",
};

export function kafkaErrorName(code: number): string {
	return names[code] ?? `KAFKA_${code}`;
}

/** What a broker refused, with Kafka's own name of why as its code. */
export class KafkaError extends Error {
	readonly code: string;

	/** `what` says who refused what: the broker, the topic, the request. */
	constructor(what: string, code: string, more: string | null = null) {
		super(`${what}: ${code}${more === null ? "" : `, ${more}`}`);
		this.name = "KafkaError";
		this.code = code;
	}
}
