import { execFileSync } from "node:child_process";
import { hostPortOfUrl } from "../../base/host-port.ts";
import type { Cache } from "../tools/cache.ts";
import type { Component, Survey } from "../tools/component.ts";
import { missing } from "../tools/component.ts";
import { onPath } from "../tools/program.ts";
import type { Service } from "./service.ts";
import { urlOf } from "./urls.ts";
import { roundTrip } from "./wire.ts";

/** A program that the distribution has a package for, and we fetch from nowhere. */
export interface DebianProgram {
	/** What people call it. */
	name: string;
	program: string;
	packageName: string;
}

const fixOf = ({ packageName }: DebianProgram) => `install it (apt-get install ${packageName})`;

/** What such a service has in common: it is found on the PATH, listens on one port, and has no proxy. */
export function debianService(wanted: DebianProgram): Omit<Service, "prepare"> {
	const { program, name } = wanted;
	const installed = (cache: Cache): Component | null => {
		const path = onPath(cache.env, program);
		if (path === null) return null;
		const printed = execFileSync(path, ["--version"], {
			encoding: "utf8",
			timeout: 5_000,
			stdio: ["ignore", "pipe", "pipe"],
		});
		return { version: /version (\S+)/.exec(printed)?.[1] ?? "unknown", source: path, path };
	};
	return {
		ports: ["direct"],
		proxiedPort: null,
		readyLimitMs: 10_000,
		memoryMb: 150,
		stop: { signal: "SIGTERM", graceMs: 2_000 },
		external: () => null,
		endpointAt: (address) => ({ kind: "http", url: `http://${address}` }),
		upstreamOf: () => null,
		probe: (endpoint, limitMs) => askReady(urlOf(endpoint), limitMs),
		async fetch(cache) {
			const found = installed(cache);
			if (found !== null) return found;
			throw missing(`there is no ${program} on the PATH for ${name}`, fixOf(wanted));
		},
		survey(cache): Survey {
			const found = installed(cache);
			if (found === null)
				return { state: "missing", tried: `${program} on the PATH`, fix: fixOf(wanted) };
			return { state: "found", version: found.version, source: found.source };
		},
	};
}

/** Prometheus's own way of saying that it works; it tells no version there. */
async function askReady(url: string, limitMs: number): Promise<null> {
	const parsed = new URL(url);
	const request = `GET /-/ready HTTP/1.0\r\nHost: ${parsed.hostname}\r\n\r\n`;
	await roundTrip(
		hostPortOfUrl(parsed, 80),
		request,
		(answer) => {
			const status = /^HTTP\/1\.\d (\d+)/.exec(answer.toString())?.[1];
			if (status !== undefined && status !== "200") throw new Error(`it is not ready: ${status}`);
			return status === "200" ? true : null;
		},
		limitMs,
	);
	return null;
}
