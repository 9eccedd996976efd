import { FaultlineError } from "./errors.ts";

/** Where a socket connects or listens: the host as a socket wants it, an IPv6 address without brackets. */
export interface HostPort {
	host: string;
	port: number;
}

const written = /^(?:\[([0-9a-f:.]+(?:%[\w.~-]+)?)\]|([^\s:/?#@,[\]]+))(?::(\d{1,5}))?$/i;

/**
 * Host and port as they are written, "host:port" or "[::1]:port", or null where the text is no such; with a standard
 * port, the text may leave its own out.
 */
export function readHostPort(text: string, standardPort: number | null = null): HostPort | null {
	const [, address, name, digits] = written.exec(text) ?? [];
	const host = address ?? name;
	const port = digits === undefined ? standardPort : Number(digits);
	if (host === undefined || port === null || port > 65_535) return null;
	return { host, port };
}

/** Host and port of a text that must be such; throws `FLT_USAGE` where it is none. */
export function hostPortOf(text: string, standardPort: number | null = null): HostPort {
	const read = readHostPort(text, standardPort);
	if (read !== null) return read;
	throw new FaultlineError(
		"FLT_USAGE",
		`"${text}" is no host and port`,
		"write host:port, and an IPv6 address in brackets: [::1]:9092",
	);
}

/** Host and port as one text, an IPv6 address in brackets. */
export function hostPortText({ host, port }: HostPort): string {
	return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Where a URL leads: its host without brackets, and its port or the protocol's own. */
export function hostPortOfUrl({ hostname, port }: URL, standardPort: number): HostPort {
	return { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port || standardPort) };
}
