import type { Change } from "./partition-job.ts";

/**
 * The records of a changelog that still count, the last of each key, by their size: what state costs. A key's kind is what
 * stands before its first slash.
 */
export class LiveRecords {
	readonly #sizes = new Map<string, number>();
	readonly #bytes = new Map<string, number>();

	apply({ key, value }: Change): void {
		const kind = kindOf(key);
		const before = this.#sizes.get(key) ?? 0;
		const now = value === null ? 0 : key.length + value.length;
		if (value === null) this.#sizes.delete(key);
		else this.#sizes.set(key, now);
		this.#bytes.set(kind, this.bytesOf(kind) + now - before);
	}

	bytesOf(kind: string): number {
		return this.#bytes.get(kind) ?? 0;
	}

	get count(): number {
		return this.#sizes.size;
	}
}

export function kindOf(key: string): string {
	const slash = key.indexOf("/");
	return slash === -1 ? key : key.slice(0, slash);
}
