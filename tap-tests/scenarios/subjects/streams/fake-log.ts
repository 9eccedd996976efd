import type { Progress, Records } from "../../../../scenarios/subjects/streams/fenced-writer.ts";
import type { Message, Writer } from "../../../../scenarios/subjects/streams/partition-session.ts";

/** What becomes of a write: `lost` never arrives, `untold` arrives without anybody hearing of it. */
export type Fate = "arrives" | "lost" | "untold";

/** One partition of some topics, with transactions, and writers of one name of which only the last may write. */
export class FakeLog {
	readonly topics: Record<string, { key: string; value: string | null }[]> = {};
	progress: Progress | null = null;
	/** Of the next write that is more than a mark. */
	fate: Fate = "arrives";
	#epoch = 0;

	openWriter(): Writer {
		let own: number | null = null;
		return {
			write: async (records: Records, progress: Progress | null) => {
				// Shut out are others by the first write, as with kafkajs.
				if (own === null) {
					this.#epoch++;
					own = this.#epoch;
				}
				await Promise.resolve();
				if (own !== this.#epoch) throw new Error("an old epoch");
				const fate = progress === null ? "arrives" : this.fate;
				if (progress !== null) this.fate = "arrives";
				if (fate === "lost") throw new Error("never arrived");
				for (const [topic, added] of Object.entries(records)) {
					this.topics[topic] ??= [];
					for (const { key, value } of added)
						this.topics[topic].push({
							key: String(key),
							value: value === null ? null : String(value),
						});
				}
				if (progress !== null) this.progress = progress;
				if (fate === "untold") throw new Error("nobody knows");
			},
			close: async () => {},
		};
	}

	/** All of a topic, as a member reads it. */
	read(topic: string): Message[] {
		return (this.topics[topic] ?? []).map(({ key, value }, offset) => ({
			offset: String(offset),
			key: Buffer.from(key),
			value: value === null ? null : Buffer.from(value),
		}));
	}

	/** The same after compaction: of each key the last alone. */
	compact(topic: string): void {
		const all = this.topics[topic] ?? [];
		const last = new Map(all.map((record, place) => [record.key, place]));
		this.topics[topic] = all.filter((record, place) => last.get(record.key) === place);
	}
}
