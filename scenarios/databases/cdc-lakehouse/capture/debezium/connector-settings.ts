import { postgresSource } from "../../../../kit/connect.ts";
import type { SourceTable } from "../source.ts";
import type { DebeziumOptions } from "./options.ts";

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
