import { pause } from "faultline/subject";
import { dropSlot, type SourceTable, withSource } from "../source.ts";
import { Connector, type Noted } from "./connector.ts";
import { connectorSettings } from "./connector-settings.ts";
import type { DebeziumOptions } from "./options.ts";
import { filesOf } from "./table-files.ts";
import { endOf, kafkaOf } from "./topic.ts";

const lookEveryMs = 500;

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
	const { url, publication, slot } = options.source;
	const kafka = kafkaOf(options);
	const connector = new Connector(options, connectorSettings(options, tables), async () => ({
		offset: await endOf(kafka, options.topic),
		files: await withSource(url, (client) => filesOf(client, publication)),
	}));
	/** One at a time: what is forgotten is not made again meanwhile. */
	let last: Promise<unknown> = Promise.resolve();
	const inTurn = (work: () => Promise<void>): Promise<void> => {
		const done = last.then(work);
		last = done.catch(() => {});
		return done;
	};
	const keep = async () => {
		for (;;) {
			await inTurn(() => connector.look()).catch((error: unknown) => console.error(String(error)));
			await pause(lookEveryMs);
		}
	};
	void keep();
	return {
		async noted() {
			for (;;) {
				// Why nobody answers is told by who looks after it.
				const noted = await connector.noted().catch(() => undefined);
				if (noted !== undefined) return noted;
				await pause(lookEveryMs);
			}
		},
		beginAnew: () =>
			inTurn(async () => {
				await connector.remove();
				await withSource(url, (client) => dropSlot(client, slot));
			}),
	};
}
