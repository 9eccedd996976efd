import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Endpoint } from "../../../base/endpoint.ts";
import { FaultlineError } from "../../../base/errors.ts";
import { hostPortOfUrl } from "../../../base/host-port.ts";
import { redactUrl } from "../../../base/redact.ts";
import { writeDurably } from "../../home/home.ts";
import { type Cache, cached, fetchOnce, type Parcel } from "../../tools/cache.ts";
import type { Component } from "../../tools/component.ts";
import { missing } from "../../tools/component.ts";
import { onPath } from "../../tools/program.ts";
import { mavenCopy, requireMaven } from "../../tools/recipes/maven.ts";
import { secretOf } from "../secrets.ts";
import type { Service } from "../service.ts";
import { hostOf, urlOf } from "../urls.ts";
import { roundTrip } from "../wire.ts";
import { readZipEntry } from "../zip.ts";

const jar = "com.github.codemonstur:embedded-redis:1.4.3";
const parcel: Parcel = {
	name: "embedded-redis-1.4.3",
	what: "Redis 6.2",
	why: "there is no redis-server of version 6.2 or later on the PATH",
	from: "Maven Central",
	sizeMb: 11,
	typicalSeconds: 25,
};
const fix =
	"install redis-server (apt-get install redis-server), or Java 17 and Maven, or set FAULTLINE_REDIS_URL";

/** Platform → the file in the jar. Its names say 6.2.6 and 6.2.7; what runs says itself what it is. */
const packed: Record<string, string> = {
	"linux-x64": "redis-server-6.2.6-v5-linux-amd64",
	"linux-arm64": "redis-server-6.2.7-linux-arm64",
	"darwin-x64": "redis-server-6.2.6-v5-darwin-amd64",
	"darwin-arm64": "redis-server-6.2.6-v5-darwin-arm64",
};
const platform = `${process.platform}-${process.arch}`;

/** The version that `redis-server --version` names, or null where the program is absent or older than 6.2. */
function installed(env: Cache["env"]): Component | null {
	const path = onPath(env, "redis-server");
	if (path === null) return null;
	const printed = execFileSync(path, ["--version"], { encoding: "utf8", timeout: 2_000 });
	const version = /v=(\d+)\.(\d+)\.\d+/.exec(printed);
	// --set-proc-title came with 6.2; without it the server overwrites the mark in its environment.
	if (version === null || Number(version[1]) * 100 + Number(version[2]) < 602) return null;
	return { version: version[0].slice(2), source: path, path };
}

async function unpackJar(cache: Cache, folder: string): Promise<void> {
	const file = packed[platform];
	if (file === undefined) throw missing(`${jar} holds no program for ${platform}`, fix);
	await mavenCopy(cache, folder, "copy", { artifact: jar, outputDirectory: folder });
	const archive = join(folder, "embedded-redis-1.4.3.jar");
	const program = readZipEntry(readFileSync(archive), file);
	if (program === null) throw new Error(`${jar} holds no ${file}`);
	writeFileSync(join(folder, "redis-server"), program, { mode: 0o755 });
	rmSync(archive);
}

function fromCache(folder: string): Component {
	return { version: "6.2", source: `Maven ${jar}`, path: join(folder, "redis-server") };
}

/** A word of its configuration file. */
function quoted(word: string): string {
	return `"${word.replaceAll(/["\\]/g, "\\$&")}"`;
}

const redis: Service = {
	ports: ["direct"],
	proxiedPort: "direct",
	readyLimitMs: 10_000,
	memoryMb: 150,
	stop: { signal: "SIGTERM", graceMs: 1_500 },

	external: ({ redisUrl }) => (redisUrl === null ? null : { kind: "redis", url: redisUrl }),
	endpointAt: (address, home) => ({
		kind: "redis",
		url: `redis://default:${secretOf(home, "redis")}@${address}`,
	}),
	upstreamOf: (endpoint) => hostOf(urlOf(endpoint), 6379),

	cleanRun: (endpoint, { keyPrefix }) => removeKeys(urlOf(endpoint), keyPrefix),

	async fetch(cache) {
		const found = installed(cache.env);
		if (found !== null) return found;
		try {
			if (cached(cache, parcel) === null) requireMaven(cache, fix);
			return fromCache(await fetchOnce(cache, parcel, (folder) => unpackJar(cache, folder)));
		} catch (error) {
			throw missing(
				`there is no redis-server 6.2+ on the PATH; Maven was asked for ${jar}`,
				fix,
				error,
			);
		}
	},

	survey(cache) {
		const found = installed(cache.env);
		if (found !== null) return { state: "found", version: found.version, source: found.source };
		const folder = cached(cache, parcel);
		if (folder !== null) return { state: "found", version: "6.2", source: folder };
		if (onPath(cache.env, "mvn") !== null)
			return { state: "fetchable", version: "6.2", source: `Maven ${jar}` };
		return { state: "missing", tried: "redis-server and mvn on the PATH", fix };
	},

	async prepare({ home, component, ports }) {
		const folder = home.data("redis");
		mkdirSync(folder, { recursive: true });
		const options = {
			port: String(ports.direct),
			requirepass: secretOf(home, "redis"),
			bind: "127.0.0.1",
			dir: folder,
			// A benchmark's keys are made anew for each run; writing them to disk would only disturb what is measured.
			save: "",
			appendonly: "no",
			"set-proc-title": "no",
		};
		const lines = Object.entries(options).map(([name, value]) => `${name} ${quoted(value)}\n`);
		const configuration = lines.join("");
		// Not by arguments, which every user of the machine can read.
		const file = join(folder, "redis.conf");
		writeDurably(file, configuration);
		return {
			file: component.path,
			args: [file],
			variables: {},
			folder,
			configuration,
			user: null,
			staleFiles: [],
			beforeStart: null,
		};
	},

	probe: (endpoint, limitMs) => askVersion(endpoint, limitMs),
};

/** A server that hangs must not keep a run from ending: what is left in it is removed when it is back. */
const answerLimitMs = 15_000;

/** All keys that begin so. */
async function removeKeys(url: string, prefix: string): Promise<void> {
	const { Redis } = await import("ioredis");
	const redis = new Redis(url, {
		lazyConnect: true,
		maxRetriesPerRequest: 1,
		commandTimeout: answerLimitMs,
	});
	redis.on("error", () => {});
	try {
		await redis.connect();
		let cursor = "0";
		do {
			const [next, keys] = await redis.scan(cursor, "MATCH", `${prefix}*`, "COUNT", 1_000);
			if (keys.length > 0) await redis.unlink(keys);
			cursor = next;
		} while (cursor !== "0");
	} finally {
		redis.disconnect();
	}
}

/** Asks `INFO server`, after the credentials of the URL if it has any. */
async function askVersion(endpoint: Endpoint, limitMs: number): Promise<string> {
	const url = new URL(urlOf(endpoint));
	const user = decodeURIComponent(url.username || "default");
	const login = url.password ? command("AUTH", user, decodeURIComponent(url.password)) : "";
	const peer = { ...hostPortOfUrl(url, 6379), secure: url.protocol === "rediss:" };
	return roundTrip(
		peer,
		login + command("INFO", "server"),
		(bytes) => {
			const answer = bytes.toString();
			const refusal = /^-(.*)\r\n/m.exec(answer);
			if (refusal !== null)
				throw new FaultlineError(
					"FLT_COMPONENT_LOST",
					`${redactUrl(url.href)} refused: ${refusal[1]}`,
					"look at the user and password in the URL",
				);
			return /redis_version:(\S+)\r\n/.exec(answer)?.[1] ?? null;
		},
		limitMs,
	);
}

function command(...parts: string[]): string {
	const bulk = parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
	return `*${parts.length}\r\n${bulk.join("")}`;
}

export default redis;
