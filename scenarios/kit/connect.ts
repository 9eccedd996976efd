import { pause } from "../../base/clock.ts";
import { readPostgresUrl } from "../../base/postgres-url.ts";
import type { RunNames } from "../../base/run-names.ts";
import type { Direct } from "../contract/context.ts";

/** What a source of changes reads, and how. */
export interface PostgresSource {
	names: RunNames;
	/** The database: `direct.postgres`, or a path to it. */
	at: { url: string };
	/** With their schema: `public.orders`. */
	tables: readonly string[];
	/** More of Debezium's own settings, or others. */
	settings?: Readonly<Record<string, string>>;
}

/**
 * The settings of a Debezium connector that carries the changes of these tables into topics `<topicPrefix>cdc.<table>`.
 * Slot and publication have the run's names. The password is the one that Connect was started with: settings lie in a
 * topic that everybody on this machine may read.
 */
export function postgresSource({
	names,
	at,
	tables,
	settings = {},
}: PostgresSource): Record<string, string> {
	const { host, port, user, database } = readPostgresUrl(at.url);
	return {
		"connector.class": "io.debezium.connector.postgresql.PostgresConnector",
		"plugin.name": "pgoutput",
		"database.hostname": host,
		"database.port": `${port}`,
		"database.user": user ?? "",
		// biome-ignore lint/suspicious/noTemplateCurlyInString: Connect fills it in
		"database.password": "${env:FLT_POSTGRES_PASSWORD}",
		"database.dbname": database ?? "",
		"topic.prefix": `${names.topicPrefix}cdc`,
		"slot.name": `${names.database}_cdc`,
		"publication.name": `${names.database}_cdc`,
		"publication.autocreate.mode": "filtered",
		"table.include.list": tables.join(),
		"topic.creation.default.replication.factor": "-1",
		"topic.creation.default.partitions": "1",
		"tasks.max": "1",
		...settings,
	};
}

/** Asks a Kafka Connect of its connectors. */
type Ask = (path: string, more?: RequestInit) => Promise<Response>;

/** Of all: `ask("")`, and with `POST` one more is made, where there is none of that name. User and password are those of the URL. */
export function connectorsApi(url: string): Ask {
	const at = new URL(url);
	const user = `${decodeURIComponent(at.username)}:${decodeURIComponent(at.password)}`;
	const headers = {
		authorization: `Basic ${Buffer.from(user).toString("base64")}`,
		"content-type": "application/json",
	};
	return (path, more = {}) => fetch(`http://${at.host}/connectors${path}`, { headers, ...more });
}

/** Of one of them: `ask("/status")`. */
export function connectorApi(url: string, name: string): Ask {
	const ask = connectorsApi(url);
	return (path, more) => ask(`/${encodeURIComponent(name)}${path}`, more);
}

const betweenMs = 100;

/**
 * Makes a connector, or gives it other settings, and waits until it and its tasks run; rejects with what it says where
 * one of them has failed. Its name has to begin with the run's `topicPrefix`.
 */
export async function runConnector(
	{ connect }: Direct<"connect">,
	{ name, settings, signal }: { name: string; settings: object; signal: AbortSignal },
): Promise<void> {
	const asked = connectorApi(connect.url, name);
	const ask: typeof asked = (path, more = {}) => asked(path, { signal, ...more });
	for (let given = false; ; await pause(betweenMs, signal)) {
		signal.throwIfAborted();
		if (!given) {
			const answer = await ask("/config", { method: "PUT", body: JSON.stringify(settings) });
			// While its group settles a worker refuses.
			if (answer.status !== 409 && !answer.ok)
				throw new Error(`connector ${name}: ${answer.status} ${await answer.text()}`);
			given = answer.ok;
			continue;
		}
		const answer = await ask("/status");
		if (!answer.ok) continue;
		const { connector, tasks } = (await answer.json()) as {
			connector: { state: string; trace?: string };
			tasks: { state: string; trace?: string }[];
		};
		const failed = [connector, ...tasks].find(({ state }) => state === "FAILED");
		if (failed !== undefined)
			throw new Error(`connector ${name} has failed: ${failed.trace ?? ""}`);
		const runs = [connector, ...tasks].every(({ state }) => state === "RUNNING");
		if (runs && tasks.length > 0) return;
	}
}
