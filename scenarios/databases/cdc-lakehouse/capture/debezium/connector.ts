import { pause } from "faultline/subject";
import { connectorApi, connectorsApi, postgresSource } from "../../../../kit/connect.ts";
import { dropSlot, type SourceTable, withSource } from "../source.ts";
import type { DebeziumOptions } from "./options.ts";
import { filesOf, type TableFiles } from "./table-files.ts";
import { endOf, kafkaOf } from "./topic.ts";

/** Stands for a cell that was not sent. What Debezium writes by default is a text that a row could hold as well. */
export const unsentMark = "not sent, 5b1f6c4e-83a9-4a7e-9a55-8c0c3f1f2d7d";

/** What the connector is told. */
export function connectorSettings(
	{ names, source, topic, settings }: DebeziumOptions,
	tables: readonly SourceTable[],
): Record<string, string> {
	return postgresSource({
		names,
		at: source,
		tables: tables.map(({ qualified }) => qualified),
		settings: {
			"slot.name": source.slot,
			"publication.name": source.publication,
			"publication.autocreate.mode": "disabled",
			// Rows first, as they are at the very LSN at which the slot begins.
			"snapshot.mode": "initial",
			"provide.transaction.metadata": "true",
			// By default truncates are left out.
			"skipped.operations": "none",
			// What applications write to the log themselves is of no table; the transaction in which they do comes all the same.
			"message.prefix.exclude.list": ".*",
			"unavailable.value.placeholder": unsentMark,
			"decimal.handling.mode": "string",
			// By default a null in a column that has a default becomes that.
			"value.converter": "org.apache.kafka.connect.json.JsonConverter",
			"value.converter.schemas.enable": "false",
			"value.converter.replace.null.with.default": "false",
			// One log is one topic: of several nobody knows which record came before which, and each would have an offset of its own
			// in every version.
			transforms: "one",
			"transforms.one.type": "org.apache.kafka.connect.transforms.RegexRouter",
			"transforms.one.regex": ".*",
			"transforms.one.replacement": topic,
			// Half a second by default, and each transaction's lag.
			"poll.interval.ms": "10",
			// A source that is away, or a slot that a dead worker still reads, is tried again soon.
			"retriable.restart.connector.wait.ms": "500",
			"slot.retry.delay.ms": "500",
			"slot.max.retries": "60",
			...settings,
		},
	});
}

const lookEveryMs = 500;
const patienceMs = 5_000;

/** What is noted before a connector is made. It lies in its settings, and so is there exactly as long as the connector is. */
export interface Noted {
	/** From here on the topic has what it sends. */
	offset: number;
	/** The tables' files before its snapshot. */
	files: TableFiles;
}

const notedSetting = "lake.noted";

export interface KeptConnector {
	/** Waits until there is a connector; null where whoever made it has noted nothing. */
	noted(): Promise<Noted | null>;
	/** Makes it forget all that it has sent, and its slot, so that it begins with a snapshot that is exported with a new one. */
	beginAnew(): Promise<void>;
}

/** Makes the connector where there is none, and starts it again where it has failed, for as long as this process lives. */
export function keepConnector(
	options: DebeziumOptions,
	tables: readonly SourceTable[],
): KeptConnector {
	const settings = connectorSettings(options, tables);
	const ask = connectorApi(options.connectUrl, options.connector);
	const askAll = connectorsApi(options.connectUrl);
	const make = async (signal: AbortSignal) => {
		const { url, publication } = options.source;
		const noted: Noted = {
			offset: await endOf(kafkaOf(options), options.topic),
			files: await withSource(url, (client) => filesOf(client, publication)),
		};
		const config = { ...settings, [notedSetting]: JSON.stringify(noted) };
		const body = JSON.stringify({ name: options.connector, config });
		// One that is there and has no status yet keeps what was noted before it was made: 409. So it does while its group settles; and
		// while a worker starts it knows of nothing.
		const made = await askAll("", { method: "POST", body, signal });
		if (!made.ok && made.status !== 409 && made.status !== 404)
			console.error(`connector ${options.connector}: ${made.status} ${await made.text()}`);
	};
	const look = async () => {
		const signal = AbortSignal.timeout(patienceMs);
		const answer = await ask("/status", { signal });
		if (answer.status === 404) return make(signal);
		if (!answer.ok) return;
		const { connector, tasks } = (await answer.json()) as {
			connector: { state: string };
			tasks: { state: string; trace?: string }[];
		};
		const failed = [connector, ...tasks].filter(({ state }) => state === "FAILED");
		if (failed.length === 0) return;
		console.error(`connector ${options.connector} has failed: ${JSON.stringify(failed)}`);
		await ask("/restart?includeTasks=true&onlyFailed=true", { method: "POST", signal });
	};
	const tell = async (method: string, path: string, good: readonly number[]) => {
		const answer = await ask(path, { method, signal: AbortSignal.timeout(patienceMs) });
		if (good.includes(answer.status)) return answer.status;
		throw new Error(
			`${method} ${options.connector}${path}: ${answer.status} ${await answer.text()}`,
		);
	};
	const forget = async () => {
		await tell("PUT", "/stop", [202, 204, 404]);
		// Offsets are let go of once all of its tasks have stopped; 400 says that they have not.
		while ((await tell("DELETE", "/offsets", [200, 400, 404])) === 400) await pause(lookEveryMs);
		await tell("DELETE", "", [204, 404]);
		const { url, slot } = options.source;
		await withSource(url, (client) => dropSlot(client, slot));
	};
	/** One at a time: what is forgotten is not made again meanwhile. */
	let last: Promise<unknown> = Promise.resolve();
	const inTurn = (work: () => Promise<void>): Promise<void> => {
		const done = last.then(work);
		last = done.catch(() => {});
		return done;
	};
	const keep = async () => {
		for (;;) {
			await inTurn(look).catch((error: unknown) => console.error(String(error)));
			await pause(lookEveryMs);
		}
	};
	void keep();
	const readNoted = async () => {
		const answer = await ask("/config", { signal: AbortSignal.timeout(patienceMs) });
		if (!answer.ok) return undefined;
		const { [notedSetting]: text } = (await answer.json()) as Record<string, string>;
		return text === undefined ? null : (JSON.parse(text) as Noted);
	};
	return {
		async noted() {
			for (;;) {
				// Why nobody answers is told by who looks after it.
				const noted = await readNoted().catch(() => undefined);
				if (noted !== undefined) return noted;
				await pause(lookEveryMs);
			}
		},
		beginAnew: () => inTurn(forget),
	};
}
