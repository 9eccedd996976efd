import { checkNext, Overtaken, type Pointer, type PointerTable } from "./pointers.ts";
import { asked, keysIn, type S3, type S3Answer } from "./s3-store.ts";

/** Read at once when the table is opened. */
const readAtOnce = 16;

/**
 * The table of pointers as a bucket with an object for each. Each writing is conditional on what it replaces, so that the
 * server itself refuses a mover that has not seen the last one: another one, or one that was believed to be dead.
 */
export async function s3Pointers(s3: S3, bucket: string): Promise<PointerTable> {
	const known = new Map<string, { pointer: Pointer; etag: string }>();
	/** Of which a writing was sent, and no answer came. */
	const unsure = new Set<string>();
	const read = async (key: string): Promise<void> => {
		const answer = await asked(s3, { method: "GET", bucket, key }, [200, 404]);
		if (answer.status === 404) return void known.delete(key);
		const pointer = JSON.parse(answer.body.toString()) as Pointer;
		known.set(key, { pointer, etag: etagOf(answer) });
	};
	const keys = await keysIn(s3, bucket);
	for (let from = 0; from < keys.length; from += readAtOnce)
		await Promise.all(keys.slice(from, from + readAtOnce).map(read));
	return {
		get: (id) => known.get(id)?.pointer,
		*all() {
			for (const { pointer } of known.values()) yield pointer;
		},
		async refresh(id) {
			if (!unsure.has(id)) return;
			await read(id);
			unsure.delete(id);
		},
		async write(pointer) {
			const { id } = pointer;
			const before = known.get(id);
			checkNext(before?.pointer, pointer);
			const body = JSON.stringify(pointer);
			const headers: Record<string, string> =
				before === undefined ? { "if-none-match": "*" } : { "if-match": before.etag };
			const request = { method: "PUT", bucket, key: id, headers, body } as const;
			unsure.add(id);
			const answer = await asked(s3, request, [200, 409, 412]);
			unsure.delete(id);
			if (answer.status === 200) return void known.set(id, { pointer, etag: etagOf(answer) });
			await read(id);
			// An earlier try of this very writing may have arrived after all: nobody else writes the same.
			if (JSON.stringify(known.get(id)?.pointer) !== body) throw new Overtaken(pointer);
		},
	};
}

function etagOf({ headers: { etag } }: S3Answer): string {
	if (typeof etag === "string") return etag;
	throw new Error("the S3 server says no ETag, without which no writing can be conditional");
}
