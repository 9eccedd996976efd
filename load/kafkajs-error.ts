import kafkajs from "kafkajs";
import { codeOf } from "../base/errors.ts";
import { KafkaError } from "../base/kafka-errors.ts";
import { TransportError } from "./outcome.ts";

/** How kafkajs calls what it could not even begin. */
const beforeSending = [
	"KafkaJSMetadataNotLoaded",
	"KafkaJSTopicMetadataNotLoaded",
	"KafkaJSBrokerNotFound",
	"KafkaJSNoBrokerAvailableError",
	"KafkaJSSASLAuthenticationError",
	"ECONNREFUSED",
	"ENOTFOUND",
	"EAI_AGAIN",
	"EHOSTUNREACH",
	"ENETUNREACH",
];

/**
 * What kafkajs says in its own words, in ours: it wraps what happened in what it made of it. A broker's answer names its
 * error, anything else says whether something was sent; what is not of kafkajs is as it was.
 */
export function kafkajsError(thrown: unknown, what: string): unknown {
	let error = thrown;
	while (error instanceof kafkajs.KafkaJSError && error.cause instanceof kafkajs.KafkaJSError)
		error = error.cause;
	if (!(error instanceof kafkajs.KafkaJSError)) return thrown;
	if (error instanceof kafkajs.KafkaJSProtocolError)
		return new KafkaError(what, error.type, error.message);
	const code = codeOf(error) ?? error.name;
	return new TransportError(code, !beforeSending.includes(code), error);
}
