/**
 * Somebody's own service, which runs anyhow: an API, a database, a broker. It is neither of the stack nor started by the
 * scenario; nothing of it is cleaned up or ended.
 */
export interface External {
	/** `http://`, `postgres://`, `redis://` or `kafka://`, and `tcp://host:port` for whatever else is spoken there. */
	url: string;
	/** Where its proxy listens on loopback, for clients that are set to an address once and for all; 0 or none: any free port. */
	port?: number;
	/** The process that process faults act on. Without it, whoever listens on the port of the URL, on this machine. */
	pid?: number;
}

/** Whether what a path leads to is a service that runs anyhow. */
export function isExternal(target: unknown): target is External {
	return typeof target === "object" && target !== null && "url" in target;
}

/** The paths of a plan that lead to such services, by name. */
export function externalsOf({ paths }: { paths: Record<string, unknown> }): [string, External][] {
	return Object.entries(paths).flatMap(([path, target]) =>
		isExternal(target) ? [[path, target] as [string, External]] : [],
	);
}
