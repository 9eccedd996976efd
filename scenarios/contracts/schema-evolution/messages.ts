import { type Reader, readerOf } from "./codec.ts";
import { fits } from "./fits.ts";
import { unframed } from "./framing.ts";
import type { Written } from "./readings.ts";
import type { Entry } from "./registered.ts";

/** The messages of a topic, each an Avro value that says which registered schema it is of. */
export function* messagesOf(
	topic: Iterable<Buffer>,
	entries: readonly Entry[],
): Generator<Written, void, undefined> {
	const byId = new Map(entries.map((entry) => [entry.id, entry]));
	const readers = new Map<string, Reader>();
	const readerFor = (by: Entry, of: Entry) => {
		const pair = `${by.id} ${of.id}`;
		const made = readers.get(pair) ?? readerOf(by.schema, of.schema);
		readers.set(pair, made);
		return made;
	};
	let count = 0;
	for (const message of topic) {
		const { id, value } = unframed(message) ?? { id: 0, value: message };
		yield {
			name: `message ${++count}`,
			schemaId: id,
			read(by) {
				const of = byId.get(id)!;
				if (by === of && !fits(value, of.schema))
					throw new RangeError(`these ${value.length} bytes are not of schema ${id}`);
				return readerFor(by, of)(value);
			},
		};
	}
}
