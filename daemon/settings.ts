import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type CachePlace, userCache } from "../base/cache-folder.ts";
import { FaultlineError, messageOf } from "../base/errors.ts";
import { readHostPort } from "../base/host-port.ts";
import { readKafkaUrl } from "../base/kafka-address.ts";
import { isLoopback } from "../base/loopback.ts";
import { nearest } from "../base/nearest.ts";
import { readPostgresUrl } from "../base/postgres-url.ts";
import { redactUrl } from "../base/redact.ts";
import { serviceIds, standingServices } from "../base/services.ts";
import { type AlertSettings, readAlertSettings } from "./alerts/settings.ts";
import { type NightlyFlags, type NightlySettings, resolveNightly } from "./nightly/settings.ts";

export interface Settings {
	port: number;
	host: string;
	/** Needed for every call where it is set; it has to be to listen beyond loopback. */
	token: string | null;
	allowedHosts: string[];
	home: string;
	cache: string;
	/** Where baselines lie; null: in the clone that runs, else in `baselines/` of the working directory. */
	baselines: string | null;
	/** How many records of runs are kept, the newest. */
	keepRuns: number;
	/** And for how long. */
	keepDays: number;
	/** Which services to have from the start on; Toxiproxy is always wanted. */
	services: string[];
	postgresUrl: string | null;
	redisUrl: string | null;
	/** host:port each, or one URL that says how they are spoken to as well. */
	kafkaBrokers: string[] | null;
	/** How many brokers a native Kafka has: 1, or 3 for `leader-gone`. */
	brokers: number;
	toxiproxyUrl: string | null;
	/** After how many seconds a service that was started on demand is stopped, where nobody needs it. */
	serviceIdleS: number;
	nightly: NightlySettings;
	/** From `faultline.config.ts` alone: no flag could hold it. */
	alerts: AlertSettings;
}

export type SettingName = Exclude<keyof Settings, "alerts" | "nightly">;
/** Values as people write them: a flag, a variable or a line of `faultline.config.ts`. */
export type SettingValues = {
	[Name in SettingName]?: string | number | readonly string[] | undefined;
};

export interface SettingSources extends CachePlace {
	flags: SettingValues;
	/** Of `faultline nightly`. */
	nightlyFlags?: NightlyFlags;
	config: Record<string, unknown>;
	/** The folder of start: relative folders count from it. */
	folder: string;
}

interface Rule<T> {
	variable: string;
	allowed: string;
	/** The value, or undefined where the text is not allowed; an error that it throws says more of why. */
	parse(text: string, sources: SettingSources): T | undefined;
	standard(sources: SettingSources): T;
}

const rules: { [Name in SettingName]: Rule<Settings[Name]> } = {
	port: {
		variable: "FAULTLINE_PORT",
		allowed: "a whole number from 0 (any free port) to 65535",
		parse: (text) => (/^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined),
		standard: () => 7070,
	},
	host: {
		variable: "FAULTLINE_HOST",
		allowed: "a host name or address to listen on, without port",
		parse: (text) => (/^[\w.:[\]-]+$/.test(text) ? text.replace(/^\[(.*)\]$/, "$1") : undefined),
		standard: () => "127.0.0.1",
	},
	token: {
		variable: "FAULTLINE_TOKEN",
		allowed: "at least 16 characters without spaces",
		parse: (text) => (/^\S{16,}$/.test(text) ? text : undefined),
		standard: () => null,
	},
	allowedHosts: {
		variable: "FAULTLINE_ALLOWED_HOSTS",
		allowed: "host names or host:port, separated by commas",
		parse: (text) => listOf(text, /^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i),
		standard: () => [],
	},
	home: {
		variable: "FAULTLINE_HOME",
		allowed: "a folder",
		parse: (text, { folder }) => (text === "" ? undefined : resolve(folder, text)),
		standard: ({ folder }) => join(folder, ".faultline"),
	},
	cache: {
		variable: "FAULTLINE_CACHE",
		allowed: "a folder",
		parse: (text, { folder }) => (text === "" ? undefined : resolve(folder, text)),
		standard: userCache,
	},
	baselines: {
		variable: "FAULTLINE_BASELINES",
		allowed: "a folder",
		parse: (text, { folder }) => (text === "" ? undefined : resolve(folder, text)),
		standard: () => null,
	},
	keepRuns: {
		variable: "FAULTLINE_KEEP_RUNS",
		allowed: "a whole number of runs from 1",
		parse: countOf,
		standard: () => 1_000,
	},
	keepDays: {
		variable: "FAULTLINE_KEEP_DAYS",
		allowed: "a whole number of days from 1",
		parse: countOf,
		standard: () => 30,
	},
	services: {
		variable: "FAULTLINE_SERVICES",
		allowed: `some of ${serviceIds.join(", ")}, separated by commas`,
		parse: (text) => {
			const services = listOf(text, /^/);
			const names: readonly string[] = serviceIds;
			const known = services?.every((name) => names.includes(name));
			return known && services!.length > 0 ? services : undefined;
		},
		standard: () => [...standingServices],
	},
	postgresUrl: {
		variable: "FAULTLINE_POSTGRES_URL",
		allowed: "postgres://user:password@host:port/database",
		parse(text) {
			readPostgresUrl(text);
			return text;
		},
		standard: () => null,
	},
	redisUrl: {
		variable: "FAULTLINE_REDIS_URL",
		allowed: "redis://host:port or rediss://host:port",
		parse: (text) => readUrl(text, ["redis:", "rediss:"]),
		standard: () => null,
	},
	kafkaBrokers: {
		variable: "FAULTLINE_KAFKA_BROKERS",
		allowed:
			"host:port, separated by commas, or kafka://user:password@host:port?sasl=…&tls=true&ca=FILE",
		parse: (text) => {
			if (text.startsWith("kafka://")) return isKafkaUrl(text) ? [text] : undefined;
			const brokers = listOf(text, /^/) ?? [];
			const read = brokers.every((broker) => readHostPort(broker) !== null);
			return read && brokers.length > 0 ? brokers : undefined;
		},
		standard: () => null,
	},
	brokers: {
		variable: "FAULTLINE_KAFKA_NODES",
		allowed: "1 or 3",
		parse: (text) => (/^[13]$/.test(text) ? Number(text) : undefined),
		standard: () => 1,
	},
	serviceIdleS: {
		variable: "FAULTLINE_SERVICE_IDLE_S",
		allowed: "a whole number of seconds from 0",
		parse: (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
		standard: () => 300,
	},
	toxiproxyUrl: {
		variable: "FAULTLINE_TOXIPROXY_URL",
		allowed: "http://host:port",
		parse: (text) => readUrl(text, ["http:", "https:"]),
		standard: () => null,
	},
};

/** Parts of `faultline.config.ts` that other rooms read. */
const otherParts = ["nightly", "alerts"];

/**
 * The settings of this start: flag, then environment, then `faultline.config.ts`, then default. All that is wrong is
 * told at once (`FLT_USAGE`), each with its source, the value seen and what is allowed.
 */
export function resolveSettings(sources: SettingSources): Settings {
	const problems: string[] = [];
	const take = <Name extends SettingName>(name: Name): Settings[Name] => {
		const rule = rules[name];
		const given = givenFor(name, rule.variable, sources);
		if (given === null) return rule.standard(sources);
		const seen = name === "token" ? "***" : redactUrl(given.text);
		try {
			const value = rule.parse(given.text, sources);
			if (value !== undefined) return value;
			problems.push(`${given.source} is "${seen}"; allowed: ${rule.allowed}`);
		} catch (error) {
			if (!(error instanceof FaultlineError)) throw error;
			problems.push(
				`${given.source} is "${seen}"; allowed: ${rule.allowed}; ${error.message}; ${error.hint}`,
			);
		}
		return rule.standard(sources);
	};
	const settings: Settings = {
		port: take("port"),
		host: take("host"),
		token: take("token"),
		allowedHosts: take("allowedHosts"),
		home: take("home"),
		cache: take("cache"),
		baselines: take("baselines"),
		keepRuns: take("keepRuns"),
		keepDays: take("keepDays"),
		services: take("services"),
		postgresUrl: take("postgresUrl"),
		redisUrl: take("redisUrl"),
		kafkaBrokers: take("kafkaBrokers"),
		brokers: take("brokers"),
		toxiproxyUrl: take("toxiproxyUrl"),
		serviceIdleS: take("serviceIdleS"),
		alerts: readAlertSettings(sources.config.alerts, problems),
		nightly: resolveNightly(
			{ ...sources, flags: sources.nightlyFlags ?? {}, config: sources.config.nightly },
			problems,
		),
	};
	problems.push(...unknownParts(sources.config));
	if (!isLoopback(settings.host) && settings.token === null)
		problems.push(
			`host is "${settings.host}", which others can reach: FAULTLINE_TOKEN must be set (${rules.token.allowed})`,
		);
	if (problems.length > 0)
		throw new FaultlineError(
			"FLT_USAGE",
			problems.join("\n"),
			"a setting comes from its flag, then its variable, then faultline.config.ts, then its default",
		);
	return Object.freeze(settings);
}

function givenFor(name: SettingName, variable: string, { flags, env, config }: SettingSources) {
	const flag = flags[name];
	const flagName = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
	if (flag !== undefined) return { text: textOf(flag), source: flagName };
	// An empty variable is how shells and compose files say "not set".
	if (env[variable]) return { text: env[variable], source: variable };
	const line = config[name];
	if (line !== undefined && line !== null)
		return { text: textOf(line), source: `${name} in faultline.config.ts` };
	return null;
}

function textOf(value: unknown): string {
	return Array.isArray(value) ? value.join(",") : String(value).trim();
}

function unknownParts(config: Record<string, unknown>): string[] {
	const known = [...Object.keys(rules), ...otherParts];
	return Object.keys(config)
		.filter((name) => !known.includes(name))
		.map((name) => {
			const near = nearest(name, known);
			const advice = near ? `did you mean "${near}"?` : `known: ${known.join(", ")}`;
			return `faultline.config.ts has no setting "${name}"; ${advice}`;
		});
}

function countOf(text: string): number | undefined {
	return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

function listOf(text: string, item: RegExp): string[] | undefined {
	const items = text
		.split(",")
		.map((part) => part.trim())
		.filter((part) => part !== "");
	return items.every((part) => item.test(part)) ? items : undefined;
}

function readUrl(text: string, protocols: string[]): string | undefined {
	if (!URL.canParse(text)) return undefined;
	const url = new URL(text);
	return protocols.includes(url.protocol) && url.hostname !== "" ? text : undefined;
}

function isKafkaUrl(text: string): boolean {
	try {
		return readKafkaUrl(text).topic === null;
	} catch {
		return false;
	}
}

/** The settings of this process: reads the environment and `faultline.config.ts` in the folder of start. */
export async function loadSettings(
	flags: SettingValues,
	folder: string = process.cwd(),
	nightlyFlags: NightlyFlags = {},
): Promise<Settings> {
	return resolveSettings({
		flags,
		nightlyFlags,
		env: process.env,
		config: await loadConfig(folder),
		folder,
		platform: process.platform,
		userFolder: homedir(),
	});
}

/** The default export of `faultline.config.ts` in this folder; empty where there is none. */
export async function loadConfig(folder: string): Promise<Record<string, unknown>> {
	const file = join(folder, "faultline.config.ts");
	if (!existsSync(file)) return {};
	try {
		const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
		if (typeof module.default === "object" && module.default !== null) return { ...module.default };
		throw new Error("it has no default export that is an object");
	} catch (error) {
		throw new FaultlineError(
			"FLT_USAGE",
			`${file} does not load: ${messageOf(error)}`,
			"it must `export default { port: 7070, … }`",
			error,
		);
	}
}
