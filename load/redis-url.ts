import { FaultlineError } from "../base/errors.ts";
import { redactUrl } from "../base/redact.ts";
import { decoded, parsedUrl, refuseFragment, userOf } from "./url-parts.ts";

/** What a Redis URL says. */
export interface RedisAddress {
	at: { host: string; port: number } | { socket: string };
	isSecure: boolean;
	/** Empty for the user `default`. */
	user: string;
	/** Null where the server is to ask for none. */
	password: string | null;
	database: number;
	/** For messages: without its password. */
	shown: string;
}

const schemes = ["redis:", "rediss:", "unix:", "redis+unix:"];
const understood =
	"write redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], rediss:// for TLS, or unix:///PATH/TO/SOCKET[?db=DATABASE]; ?db=DATABASE may stand for /DATABASE, and nothing else is understood";

/** Reads a Redis URL; what it says beyond host, user, password and database is refused. */
export function redisAddressOf(given: string): RedisAddress {
	const url = parsedUrl(given);
	if (!schemes.includes(url.protocol)) throw usage(`"${url.protocol}//…" is no Redis URL`);
	refuseFragment(url);
	const isSocket = url.protocol.endsWith("unix:");
	const { user, password } = userOf(url);
	if (user !== "" && url.password === "")
		throw usage(
			"the target's URL has a user without a password",
			"write redis://:PASSWORD@HOST where there is a password alone, or redis://USER:PASSWORD@HOST",
		);
	const common = {
		isSecure: url.protocol === "rediss:",
		user,
		password: url.password === "" ? null : password,
		shown: redactUrl(url.href),
	};
	const queried = databaseOfQuery(url);
	if (isSocket) {
		const socket = decoded(url.pathname, "the socket's path");
		if (!["", "localhost"].includes(url.host) || socket.length < 2)
			throw usage("the target's URL names no path of a socket");
		return { ...common, at: { socket }, database: queried ?? 0 };
	}
	if (url.hostname === "") throw usage("the target's URL names no host");
	const named = databaseOfPath(url.pathname);
	if (named !== null && queried !== null && named !== queried)
		throw usage(`the target's URL names two databases, /${named} and ?db=${queried}`);
	return {
		...common,
		at: { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 6379) },
		database: named ?? queried ?? 0,
	};
}

function databaseOfPath(path: string): number | null {
	if (path === "" || path === "/") return null;
	if (/^\/\d{1,9}$/.test(path)) return Number(path.slice(1));
	throw usage(`the target's URL has the path "${path}", which is no database's number`);
}

function databaseOfQuery({ searchParams }: URL): number | null {
	const strange = [...new Set(searchParams.keys())].filter((name) => name !== "db");
	// Its value may be a password.
	if (strange.length > 0)
		throw usage(`the target's URL has ${strange.map((n) => `?${n}=`).join(", ")}`);
	const [value, ...others] = searchParams.getAll("db");
	if (value === undefined) return null;
	if (others.length === 0 && /^\d{1,9}$/.test(value)) return Number(value);
	throw usage(
		`the target's URL has ?db=${[value, ...others].join("&db=")}, which is not one database's number`,
	);
}

function usage(message: string, hint = understood): FaultlineError {
	return new FaultlineError("FLT_USAGE", message, hint);
}
