import type { Command } from "commander";
import type { NightlyFlags } from "../nightly/settings.ts";
import { loadSettings, type Settings } from "../settings.ts";

/** Adds the flags that override settings. */
export function withSettings(command: Command): Command {
	return command
		.option(
			"--home <folder>",
			"where runs and services' data are kept (FAULTLINE_HOME; default .faultline)",
		)
		.option("--port <n>", "port of the API, 0 for a free one (FAULTLINE_PORT; default 7070)")
		.option("--host <name>", "where to listen (FAULTLINE_HOST; default 127.0.0.1)")
		.option(
			"--services <list>",
			"just these from the start on (FAULTLINE_SERVICES; default postgres,redis,kafka)",
		)
		.option(
			"--baselines <folder>",
			"where baselines lie (FAULTLINE_BASELINES; default the clone's)",
		)
		.option("--postgres-url <url>", "an external Postgres (FAULTLINE_POSTGRES_URL)")
		.option("--redis-url <url>", "an external Redis (FAULTLINE_REDIS_URL)")
		.option("--kafka-brokers <list>", "an external Kafka (FAULTLINE_KAFKA_BROKERS)")
		.option(
			"--brokers <n>",
			"how many brokers our own Kafka has, 1 or 3 (FAULTLINE_KAFKA_NODES; default 1)",
		)
		.option("--toxiproxy-url <url>", "an external Toxiproxy (FAULTLINE_TOXIPROXY_URL)");
}

export interface SettingFlags {
	home?: string;
	port?: string;
	host?: string;
	services?: string;
	baselines?: string;
	postgresUrl?: string;
	redisUrl?: string;
	kafkaBrokers?: string;
	brokers?: string;
	toxiproxyUrl?: string;
}

export function settingsFrom(flags: SettingFlags, nightly?: NightlyFlags): Promise<Settings> {
	const { home, port, host, services, brokers, baselines } = flags;
	const { postgresUrl, redisUrl, kafkaBrokers, toxiproxyUrl } = flags;
	const urls = { postgresUrl, redisUrl, kafkaBrokers, toxiproxyUrl };
	const given = { home, port, host, services, brokers, baselines, ...urls };
	return loadSettings(given, process.cwd(), nightly);
}
