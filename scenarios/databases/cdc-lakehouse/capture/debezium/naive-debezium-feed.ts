import type { NaiveEvent, NaiveFeed } from "../naive.ts";
import { unsentMark } from "./connector-settings.ts";
import { decoder, type Told } from "./event.ts";
import { keepConnector } from "./keep-connector.ts";
import type { DebeziumOptions } from "./options.ts";
import { consumerOf, kafkaOf, makeLogTopic } from "./topic.ts";

/**
 * It goes on where its group is, which has been told of all that was received; it knows nothing of transactions, takes what
 * stands for a cell that was not sent as its text, and what it is sent twice it applies twice.
 */
export function naiveDebeziumFeed(options: DebeziumOptions): NaiveFeed {
	const { topic } = options;
	let isKept = false;
	return {
		async open(tables, _lake, tell) {
			const kafka = kafkaOf(options);
			if (!isKept) {
				await makeLogTopic(kafka, topic);
				keepConnector(options, tables);
				isKept = true;
			}
			const decode = decoder(tables, unsentMark);
			const consumer = consumerOf(kafka, options);
			const broken = new Promise<never>((_, reject) => {
				consumer.on("consumer.crash", ({ payload: { error } }) => reject(error));
			});
			broken.catch(() => {}); // heard by whoever waits for it
			await consumer.connect();
			await consumer.subscribe({ topic, fromBeginning: true });
			await consumer.run({
				eachMessage: async ({ message: { value } }) =>
					tell(eventsOf(decode(value === null ? null : String(value)))),
			});
			return { fromLsn: 1, broken, close: () => consumer.disconnect() };
		},
	};
}

function eventsOf(told: Told): NaiveEvent[] {
	switch (told.kind) {
		case "row": {
			const { table, shape, row, lsn } = told;
			const change = { kind: "upsert", row, oldKey: null } as const;
			return [{ table, shape, change, lsn, committedMs: Date.now() }];
		}
		case "change": {
			const { table, shape, what, lsn, committedMs } = told;
			if (what.op === "truncate") return [];
			if (what.op === "delete")
				return [{ table, shape, change: { kind: "delete", key: what.key }, lsn, committedMs }];
			const row = Object.fromEntries(
				Object.entries(what.row).map(([name, cell]) => [
					name,
					cell === undefined ? unsentMark : cell,
				]),
			);
			return [{ table, shape, change: { kind: "upsert", row, oldKey: null }, lsn, committedMs }];
		}
		case "begin":
		case "end":
		case "tombstone":
		case "message":
			return [];
		default:
			return told satisfies never;
	}
}
