import { FaultlineError } from "./errors.ts";

/** How a connection is kept from others' eyes, in libpq's words. */
export type SslMode = "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";

/** A Postgres URL, taken apart. */
export interface PostgresUrl {
	user: string | null;
	password: string | null;
	/** Name or address of the server, without brackets; or the folder of its socket, which begins with a slash. */
	host: string;
	/** Where to connect in place of `host`, which is still the name that TLS verifies; libpq's `hostaddr`. */
	hostaddr: string | null;
	port: number;
	database: string | null;
	/** The other parameters, as they were written. */
	params: Map<string, string>;
}

const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
const flagValues = ["true", "1", "false", "0"];

/** What a URL may say behind its question mark, beside the parts that it has a place for. */
const understood: Record<string, (value: string) => string | null> = {
	sslmode: (value) =>
		[...sslModes, "no-verify"].includes(value) ? null : `one of ${sslModes.join(", ")}`,
	// How `pg` says it.
	ssl: (value) => (flagValues.includes(value) ? null : `one of ${flagValues.join(", ")}`),
	uselibpqcompat: (value) => (value === "true" ? null : "true"),
	sslrootcert: someText,
	sslcert: someText,
	sslkey: someText,
	sslpassword: someText,
	sslnegotiation: (value) => (["postgres", "direct"].includes(value) ? null : "postgres or direct"),
	application_name: someText,
	options: someText,
	client_encoding: (value) => (/^utf-?8$/i.test(value) ? null : "UTF8"),
	connect_timeout: wholeNumber,
	statement_timeout: wholeNumber,
	lock_timeout: wholeNumber,
	idle_in_transaction_session_timeout: wholeNumber,
};
/** Parameters that stand for a part of the URL. */
const parts = ["host", "hostaddr", "port", "user", "password", "dbname"] as const;

function someText(value: string): string | null {
	return value === "" ? "some text" : null;
}

function wholeNumber(value: string): string | null {
	return /^\d{1,9}$/.test(value) ? null : "a whole number";
}

const usage =
	"write postgres://user:password@host:5432/database?sslmode=verify-full, or postgres://user@/database?host=/run/postgresql for a socket";

/** Takes a URL apart; what is not understood in it is refused (`FLT_USAGE`), never passed over. */
export function readPostgresUrl(text: string): PostgresUrl {
	const [, userInfo = "", address = "", database = "", query = ""] =
		/^postgres(?:ql)?:\/\/(?:([^/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(text) ??
		refuse(text, "it is none", usage);
	const params = paramsOf(text, query);
	const part = (name: (typeof parts)[number]) => {
		const value = params.get(name) ?? null;
		params.delete(name);
		return value === "" ? null : value;
	};
	const [, user = "", , password = ""] = /^([^:]*)(:(.*))?$/s.exec(userInfo)!;
	const [, bracketed, plain = "", portText = ""] =
		/^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/.exec(address) ??
		refuse(
			text,
			`"${address}" is no host with a port`,
			"write one HOST:PORT; an IPv6 address in brackets",
		);
	const at = bracketed ?? decoded(text, plain);
	const port = part("port") ?? (portText || process.env.PGPORT || "5432");
	if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
		refuse(text, `its port is "${port}"`, "a port is a number from 1 to 65535");
	const url: PostgresUrl = {
		user: part("user") ?? (decoded(text, user) || null),
		password: part("password") ?? (decoded(text, password) || null),
		host: part("host") ?? (at || process.env.PGHOST || "localhost"),
		hostaddr: part("hostaddr"),
		port: Number(port),
		database: part("dbname") ?? (decoded(text, database) || null),
		params,
	};
	if (/[,\s]/.test(url.host) && !isSocket(url))
		refuse(text, `"${url.host}" is not one host`, "a load goes to one server: name one");
	checkParams(text, url);
	return url;
}

function paramsOf(text: string, query: string): Map<string, string> {
	const params = new Map<string, string>();
	for (const pair of query.split("&").filter((pair) => pair !== "")) {
		const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(pair)!;
		if (params.has(name)) refuse(text, `"${name}" is there twice`, "say it once");
		params.set(name, decoded(text, value.replaceAll("+", " ")));
	}
	return params;
}

function checkParams(text: string, { params, ...url }: PostgresUrl): void {
	for (const [name, value] of params) {
		const check = Object.hasOwn(understood, name) ? understood[name] : undefined;
		if (check === undefined)
			refuse(
				text,
				`"${name}" is not understood`,
				`parameters are ${[...parts, ...Object.keys(understood)].join(", ")}`,
			);
		const allowed = check(value);
		if (allowed !== null) refuse(text, `${name} is "${value}"`, `it is ${allowed}`);
	}
	const { PGSSLMODE } = process.env;
	if (PGSSLMODE !== undefined && understood.sslmode!(PGSSLMODE) !== null)
		refuse(text, `PGSSLMODE is "${PGSSLMODE}"`, `it is one of ${sslModes.join(", ")}`);
	if (params.has("sslcert") !== params.has("sslkey"))
		refuse(text, "sslcert and sslkey go together", "name the file of each");
	const mode = sslModeOf({ params, ...url });
	if (params.get("sslnegotiation") === "direct" && ["disable", "allow", "prefer"].includes(mode))
		refuse(text, `sslnegotiation=direct with sslmode ${mode}`, "it needs require or more");
}

function refuse(text: string, what: string, hint: string): never {
	throw new FaultlineError("FLT_USAGE", `Postgres URL ${hidden(text)}: ${what}`, hint);
}

/** The URL without passwords: those of the user, one that should have been escaped too, and of the key. */
export function hidden(text: string): string {
	return text
		.replace(/^([a-z][a-z0-9+.-]*:\/\/[^:/?#@]*:)(?!\d*(?:[/?#]|$)).*@/i, "$1***@")
		.replace(/([?&](?:ssl)?password=)[^&]*/gi, "$1***");
}

function decoded(text: string, part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return refuse(text, "it has a % that begins no character", "write %25 for a percent sign");
	}
}

/** Whether it leads to a socket in the file system: `host` is its folder. */
export function isSocket({ host }: Pick<PostgresUrl, "host">): boolean {
	return host.startsWith("/");
}

/** The file of its socket. */
export function socketFile({ host, port }: PostgresUrl): string {
	return `${host}/.s.PGSQL.${port}`;
}

/**
 * How it is secured. Without `sslmode` there is no TLS, as with `pg`, unless a file of certificates is named: then the
 * server is verified.
 */
export function sslModeOf({ host, params }: PostgresUrl): SslMode {
	if (isSocket({ host })) return "disable";
	const mode = params.get("sslmode") ?? process.env.PGSSLMODE;
	if (mode === "no-verify") return "require";
	if (mode !== undefined && sslModes.includes(mode)) {
		const verifies = mode === "require" && params.has("sslrootcert");
		return verifies ? "verify-ca" : (mode as SslMode);
	}
	const asked = ["sslrootcert", "sslcert"].some((name) => params.has(name));
	return asked || /^(true|1)$/.test(params.get("ssl") ?? "") ? "verify-full" : "disable";
}

/** The URL of these parts, in the form that libpq and what is built on it read. */
export function postgresUrlText(url: PostgresUrl): string {
	const { user, password, host, hostaddr, port, database, params } = url;
	const word = (text: string | null) => (text === null ? "" : encodeURIComponent(text));
	const who = password === null ? word(user) : `${word(user)}:${word(password)}`;
	const at = isSocket(url) ? "" : `${host.includes(":") ? `[${host}]` : host}:${port}`;
	const written = [
		...(isSocket(url) ? [["host", host], ...(port === 5432 ? [] : [["port", `${port}`]])] : []),
		...(hostaddr === null ? [] : [["hostaddr", hostaddr]]),
		...params,
	].map(([name, value]) => `${name}=${encodeURIComponent(value!).replaceAll("%2F", "/")}`);
	const query = written.length > 0 ? `?${written.join("&")}` : "";
	return `postgres://${who === "" ? "" : `${who}@`}${at}/${word(database)}${query}`;
}

/** Server and database, for messages. */
export function placeOf(text: string): string {
	const url = readPostgresUrl(text);
	const { host, port, database } = url;
	const server = host.includes(":") ? `[${host}]` : host;
	return `${isSocket(url) ? socketFile(url) : `${server}:${port}`}${database === null ? "" : `/${database}`}`;
}

/** The host:port of a server that is not behind a socket. */
export function serverAddress(text: string): string {
	const { host, hostaddr, port } = readPostgresUrl(text);
	const at = hostaddr ?? host;
	return `${at.includes(":") ? `[${at}]` : at}:${port}`;
}

/** The URL of another database on the same server. */
export function inDatabase(text: string, database: string): string {
	return postgresUrlText({ ...readPostgresUrl(text), database });
}

/**
 * The URL through a proxy that listens at host:port. Where TLS verifies the server's name, the name stays, and the proxy
 * is its `hostaddr`.
 */
export function throughProxy(text: string, listen: string): string {
	const url = readPostgresUrl(text);
	const { host: proxyHost, port } = readPostgresUrl(`postgres://${listen}/`);
	if (sslModeOf(url) === "verify-full")
		return postgresUrlText({ ...url, hostaddr: proxyHost, port });
	const params = new Map(url.params);
	// A socket has no TLS, whatever it says; behind it the proxy would be asked for it.
	if (isSocket(url))
		for (const name of params.keys()) if (name.startsWith("ssl")) params.delete(name);
	return postgresUrlText({ ...url, host: proxyHost, hostaddr: null, port, params });
}
