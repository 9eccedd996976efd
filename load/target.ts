import type { Endpoint } from "../base/endpoint.ts";
import { FaultlineError } from "../base/errors.ts";
import { readKafkaUrl } from "../base/kafka-address.ts";
import { hidden } from "../base/postgres-url.ts";
import { redactUrl } from "../base/redact.ts";
import type { DriverId } from "./driver.ts";
import { endpointOf, kindOfUrl } from "./endpoint-of.ts";
import { requestOf } from "./http-target.ts";
import { numberIn } from "./quantities.ts";
import { commandOf } from "./redis-target.ts";
import { redisAddressOf } from "./redis-url.ts";
import type { Repeat } from "./repeat.ts";
import { queryOperations, readStatements } from "./statement-file.ts";
import { parsedUrl } from "./url-parts.ts";

/** What a command line says of the operation, beside the target's URL. Each kind of target takes its own. */
export interface OperationFlags {
	method?: string;
	header?: string[];
	body?: string;
	query?: string;
	value?: string[];
	statements?: string;
	command?: string;
	messageBytes?: string;
	key?: string;
	consume?: boolean;
	ca?: string;
	cert?: string;
	certKey?: string;
}

/** Where a load goes and what it does there. */
export interface Target {
	/** The URL, without its password. */
	shown: string;
	endpoint: Endpoint;
	repeat: Repeat;
	/** The driver for measuring; another that speaks to the same kind may be chosen. */
	driver: DriverId;
	/** Operations in flight, where nothing is said, by the number of connections. */
	inFlight: (connections: number) => number;
}

/** What a URL can name as the target of a load. */
type TargetKind = ReturnType<typeof kindOfUrl>;

const takes: Record<TargetKind, (keyof OperationFlags)[]> = {
	http: ["method", "header", "body", "ca", "cert", "certKey"],
	postgres: ["query", "value", "statements"],
	redis: ["command", "ca", "cert", "certKey"],
	kafka: ["messageBytes", "key", "consume"],
};

/** Reads a target's URL and the flags that go with it; a flag of another kind of target is refused. */
export function targetOf(url: string, flags: OperationFlags): Target {
	const kind = kindOfUrl(url);
	switch (kind) {
		case "http":
			return only(kind, flags, () => httpTarget(url, flags));
		case "postgres":
			return only(kind, flags, () => postgresTarget(url, flags));
		case "redis":
			return only(kind, flags, () => redisTarget(url, flags));
		case "kafka":
			return only(kind, flags, () => kafkaTarget(url, flags));
		default:
			return kind satisfies never;
	}
}

function only(kind: TargetKind, flags: OperationFlags, make: () => Target): Target {
	const given = Object.keys(flags) as (keyof OperationFlags)[];
	const strange = given.filter((name) => flags[name] !== undefined && !takes[kind].includes(name));
	if (strange.length === 0) return make();
	const dashed = (name: string) =>
		`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
	throw new FaultlineError(
		"FLT_USAGE",
		`${strange.map(dashed).join(" and ")} ${strange.length === 1 ? "is" : "are"} not for a ${kind} target`,
		`it takes ${takes[kind].map(dashed).join(", ")}`,
	);
}

function httpTarget(given: string, flags: OperationFlags): Target {
	const url = parsedUrl(given);
	const base = new URL(url);
	base.pathname = "";
	base.search = "";
	base.hash = "";
	return {
		shown: redactUrl(url.href),
		endpoint: endpointOf(base.href, flags),
		repeat: requestOf(url, given, flags),
		driver: "http",
		inFlight: (connections) => connections,
	};
}

function postgresTarget(url: string, flags: OperationFlags): Target {
	return {
		shown: hidden(url),
		endpoint: endpointOf(url),
		repeat: { kind: "postgres", statements: statementsOf(flags) },
		driver: "postgres-wire",
		inFlight: (connections) => connections,
	};
}

function redisTarget(url: string, flags: OperationFlags): Target {
	return {
		shown: redisAddressOf(url).shown,
		endpoint: endpointOf(url, flags),
		repeat: { kind: "redis", command: commandOf(flags.command ?? "PING") },
		driver: "redis-wire",
		inFlight: (connections) => connections,
	};
}

/** A query with its values, or a file of statements. */
function statementsOf({ query, value, statements }: OperationFlags) {
	if (statements === undefined) return queryOperations(query ?? "select 1", value ?? []);
	if (query !== undefined || value !== undefined)
		throw new FaultlineError(
			"FLT_USAGE",
			"--statements beside --query or --value",
			"give one of them",
		);
	return readStatements(statements);
}

const kafkaHeadBytes = 24;

function kafkaTarget(url: string, { messageBytes, key, consume }: OperationFlags): Target {
	const { topic, shown } = readKafkaUrl(url);
	if (topic === null)
		throw new FaultlineError(
			"FLT_USAGE",
			`target "${shown}" names no topic`,
			"write kafka://host:port/topic, or kafka://a:9092,b:9092/topic",
		);
	const bounds = { min: kafkaHeadBytes, max: 1_000_000, whole: true };
	return {
		shown,
		endpoint: endpointOf(url),
		repeat: {
			kind: "kafka",
			topic,
			valueBytes: numberIn(messageBytes ?? "200", "--message-bytes", bounds),
			key: key ?? null,
			consume: consume ?? false,
		},
		driver: "kafka-wire",
		// A connection carries many messages at once; this bounds what a broker that stands still can pile up.
		inFlight: () => 10_000,
	};
}
