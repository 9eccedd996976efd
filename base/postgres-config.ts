import { readFileSync } from "node:fs";
import { Socket, type SocketConstructorOpts } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { ClientConfig } from "pg";
import { codeOf, FaultlineError, messageOf } from "./errors.ts";
import { type PostgresUrl, readPostgresUrl, sslModeOf } from "./postgres-url.ts";

type Tls = Pick<
	ConnectionOptions,
	"ca" | "cert" | "key" | "passphrase" | "rejectUnauthorized" | "checkServerIdentity"
>;

/** A client of `pg` as its URL says, with what it leaves out. */
export interface PostgresConfig extends ClientConfig {
	/** A socket that connects to the right place, whatever `pg` takes for its host. */
	socket: (options?: SocketConstructorOpts) => Socket;
	/** `socket`, by the name that `pg` has for it. */
	stream: () => Socket;
	ssl: false | Tls;
}

/**
 * The ways to connect that a URL allows, the one to try first before the others, with what it does not say itself: `sslmode=prefer` goes on without TLS,
 * `allow` with it. Files are read here; one that can't be read is `FLT_USAGE`.
 */
export function postgresConfigs(
	text: string,
	unlessGiven: Omit<ClientConfig, "stream" | "ssl"> = {},
): [PostgresConfig, ...PostgresConfig[]] {
	const url = readPostgresUrl(text);
	const base = clientConfig(url);
	const config = (ssl: false | Tls): PostgresConfig => ({ ...unlessGiven, ...base, ssl });
	const mode = sslModeOf(url);
	switch (mode) {
		case "disable":
			return [config(false)];
		case "allow":
			return [config(false), config(tlsOf(url, { rejectUnauthorized: false }))];
		case "prefer":
			return [config(tlsOf(url, { rejectUnauthorized: false })), config(false)];
		case "require":
			return [config(tlsOf(url, { rejectUnauthorized: false }))];
		case "verify-ca":
			return [config(tlsOf(url, { checkServerIdentity: () => undefined }))];
		case "verify-full":
			return [config(tlsOf(url, {}))];
		default:
			return mode satisfies never;
	}
}

/** Whether this failure to connect lets the next way be tried: it was about TLS, not about the server or who asks. */
export function triesNextWay(error: unknown): boolean {
	// What pg_hba.conf has no line for with this much, or this little, security.
	if (codeOf(error) === "28000") return true;
	return /^ERR_(SSL|TLS)/.test(codeOf(error) ?? "") || /\bSSL\b/.test(messageOf(error));
}

/** Connects by the first way that the server takes. */
export async function connectAs<T>(
	configs: readonly PostgresConfig[],
	connect: (config: PostgresConfig) => Promise<T>,
): Promise<T> {
	const [config, ...others] = configs;
	try {
		return await connect(config!);
	} catch (error) {
		if (others.length === 0 || !triesNextWay(error)) throw error;
		return connectAs(others, connect);
	}
}

function clientConfig(url: PostgresUrl) {
	const { host, hostaddr, port, user, password, database, params } = url;
	const numbers = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"];
	const texts = ["application_name", "options", "sslnegotiation"];
	const timeoutS = Number(params.get("connect_timeout") ?? 0);
	const given = [
		...Object.entries({ user, password, database }),
		...texts.map((name) => [name, params.get(name) ?? null]),
		...numbers.map((name) => [name, params.has(name) ? Number(params.get(name)) : null]),
		["connectionTimeoutMillis", timeoutS > 0 ? 1_000 * timeoutS : null],
	].filter(([, value]) => value !== null);
	const socket = (options?: SocketConstructorOpts) =>
		hostaddr === null ? new Socket(options) : new SocketTo(hostaddr, options);
	return {
		...(Object.fromEntries(given) as Omit<ClientConfig, "stream" | "ssl">),
		host,
		port,
		socket,
		stream: () => socket(),
	};
}

/** `pg` verifies the name that it is given as host, and would connect to it too. */
class SocketTo extends Socket {
	readonly #host: string;

	constructor(host: string, options?: SocketConstructorOpts) {
		super(options);
		this.#host = host;
	}

	override connect(...args: unknown[]): this {
		return super.connect(args[0] as number, this.#host);
	}
}

function tlsOf({ params }: PostgresUrl, verified: Tls): Tls {
	const file = (name: string) => {
		const path = params.get(name);
		return path === undefined ? undefined : contentOf(name, path);
	};
	const root = params.get("sslrootcert");
	const tls: Tls = { ...verified };
	const passphrase = params.get("sslpassword");
	if (params.has("sslcert")) {
		tls.cert = file("sslcert");
		tls.key = file("sslkey");
	}
	if (passphrase !== undefined) tls.passphrase = passphrase;
	// `system` are those that Node trusts.
	if (root !== undefined && root !== "system") tls.ca = file("sslrootcert");
	return tls;
}

function contentOf(name: string, path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		throw new FaultlineError(
			"FLT_USAGE",
			`${name}=${path} can't be read: ${messageOf(error)}`,
			"name a PEM file that this user can read",
			error,
		);
	}
}
