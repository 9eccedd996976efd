import { readFileSync } from "node:fs";
import { FaultlineError, messageOf } from "./errors.ts";
import { hostPortOf, hostPortText } from "./host-port.ts";

export const saslMechanisms = ["plain", "scram-sha-256", "scram-sha-512"] as const;
export type SaslMechanism = (typeof saslMechanisms)[number];

export interface Sasl {
	mechanism: SaslMechanism;
	username: string;
	password: string;
}

/** What is in PEM files, null where none was given: then the authorities that Node knows are trusted. */
export interface KafkaTls {
	ca: string | null;
	cert: string | null;
	key: string | null;
}

/** How a cluster's listener is spoken to, each part null where it is not. */
export interface KafkaSecurity {
	sasl: Sasl | null;
	tls: KafkaTls | null;
}

/** The brokers of a cluster, host:port each, and how they are spoken to. */
export interface KafkaAddress {
	brokers: string[];
	/** Null: in plain text, as nobody. */
	security: KafkaSecurity | null;
	/** What stands behind the brokers; null where nothing does. */
	topic: string | null;
	/** The whole address as it may be shown: without the password. */
	shown: string;
}

const form = "kafka://[user:password@]host:port[,host:port…]/topic";
const understood = `?sasl=${saslMechanisms.join("|")}, tls=true, ca=FILE, cert=FILE, key=FILE`;
const parameters = ["sasl", "tls", "ca", "cert", "key"] as const;
type Parameters = Map<(typeof parameters)[number], string>;

/**
 * Reads `kafka://user:password@a:9092,b:9092/topic?sasl=…&tls=true&ca=FILE&cert=FILE&key=FILE` and the files it names.
 * Whatever in it is not understood is refused (`FLT_USAGE`), with what is.
 */
export function readKafkaUrl(url: string): KafkaAddress {
	const [, authority, path, query] =
		/^kafka:\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(url) ?? [];
	// The password may hold an at sign, hosts do not.
	const at = authority?.lastIndexOf("@") ?? -1;
	const user = authority === undefined || at === -1 ? null : authority.slice(0, at);
	const hosts = authority?.slice(at + 1) ?? "";
	const shown = url.replace(/^(kafka:\/\/[^:@]*):.*@/, "$1:***@");
	if (at === -1 && url.includes("@"))
		throw refusal(
			"the URL has a slash, a question mark or a hash before its last @",
			"in a user and a password write %2F for /, %3F for ? and %23 for #",
		);
	if (url.includes("#"))
		throw refusal(`"${shown}" has a part behind #`, "a Kafka URL has no such part");
	if (hosts === "")
		throw refusal(`"${shown}" names no brokers`, `write ${form}; after it may come ${understood}`);
	const topic = path === undefined || path === "" ? null : path;
	if (topic !== null && !/^[A-Za-z0-9._-]{1,249}$/.test(topic))
		throw refusal(
			`"${topic}" is no topic`,
			"a topic's name has letters, digits, dots, dashes and underscores",
		);
	return {
		brokers: hosts.split(",").map((host) => hostPortText(hostPortOf(host.trim(), 9092))),
		security: securityOf(user, parametersOf(query ?? "")),
		topic,
		shown,
	};
}

function refusal(message: string, hint: string): FaultlineError {
	return new FaultlineError("FLT_USAGE", message, hint);
}

function parametersOf(query: string): Parameters {
	const found: Parameters = new Map();
	for (const pair of query.split("&").filter((one) => one !== "")) {
		const equals = pair.indexOf("=");
		const name = parameters.find((known) => known === pair.slice(0, equals));
		const seen = equals === -1 ? pair : pair.slice(0, equals);
		if (name === undefined)
			throw refusal(`a Kafka URL has no "${seen}"`, `it understands ${understood}`);
		if (found.has(name)) throw refusal(`"${name}" stands twice in the URL`, "write it once");
		found.set(name, decoded(name, pair.slice(equals + 1)));
	}
	return found;
}

function decoded(what: string, text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		throw refusal(
			`the ${what} in the URL has a "%" that begins no character`,
			'write "%25" for a percent sign',
		);
	}
}

function securityOf(user: string | null, given: Parameters): KafkaSecurity | null {
	const [sasl, tls] = [saslOf(user, given), tlsOf(given)];
	return sasl === null && tls === null ? null : { sasl, tls };
}

function saslOf(user: string | null, given: Parameters): Sasl | null {
	const asked = given.get("sasl");
	if (user === null) {
		if (asked === undefined) return null;
		throw refusal(`sasl=${asked}, but no user`, `write ${form}?sasl=${asked}`);
	}
	const mechanism = saslMechanisms.find((known) => known === (asked ?? "plain").toLowerCase());
	if (mechanism === undefined)
		throw refusal(`sasl=${asked} is not understood`, `sasl is one of ${saslMechanisms.join(", ")}`);
	const colon = user.indexOf(":");
	if (colon < 1)
		throw refusal("the URL has a user without a password, or none before it", `write ${form}`);
	return {
		mechanism,
		username: decoded("user", user.slice(0, colon)),
		password: decoded("password", user.slice(colon + 1)),
	};
}

function tlsOf(given: Parameters): KafkaTls | null {
	const files = (["ca", "cert", "key"] as const).filter((name) => given.has(name));
	const asked = given.get("tls");
	if (asked !== undefined && asked !== "true" && asked !== "false")
		throw refusal(`tls=${asked} is not understood`, "tls is true or false");
	if (asked === "false" && files.length > 0)
		throw refusal(`${files.join(" and ")} beside tls=false`, "leave one of them out");
	if (files.length === 0 && asked !== "true") return null;
	if (given.has("cert") !== given.has("key"))
		throw refusal("cert and key go together", "give the file of each: cert=FILE&key=FILE");
	const contentOf = (name: "ca" | "cert" | "key") => {
		const file = given.get(name);
		return file === undefined ? null : pem(name, file);
	};
	return { ca: contentOf("ca"), cert: contentOf("cert"), key: contentOf("key") };
}

function pem(name: string, file: string): string {
	let content: string;
	try {
		content = readFileSync(file, "utf8");
	} catch (error) {
		throw refusal(`${name}=${file}: ${messageOf(error)}`, "name a file in PEM format");
	}
	const wanted =
		name === "key" ? /-----BEGIN [A-Z ]*PRIVATE KEY-----/ : /-----BEGIN CERTIFICATE-----/;
	if (wanted.test(content)) return content;
	throw refusal(
		`${name}=${file} holds no ${name === "key" ? "private key" : "certificate"} in PEM format`,
		"a Java keystore is turned into PEM by keytool and openssl",
	);
}
