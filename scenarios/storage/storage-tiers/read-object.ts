import type { Copy, PointerTable } from "./pointers.ts";
import { checksumOf, NotThere, type TierStore } from "./store.ts";

/** Nobody has written an object of this name. */
export class Unknown extends Error {
	constructor(id: string) {
		super(`there is no object ${id}`);
		this.name = "Unknown";
	}
}

/** The object was written, and its bytes are not where it lies. */
export class Lost extends Error {
	constructor(id: string, { version, tier }: Copy, how: string) {
		super(`version ${version} of ${id} ${how} in ${tier}`);
		this.name = "Lost";
	}
}

/**
 * The bytes of an object's one version. A move that removes the copy between a look at the pointer and the read is seen
 * by the pointer having changed, and the read goes on to where it points now.
 */
export async function readObject(
	id: string,
	store: TierStore,
	table: Pick<PointerTable, "get">,
): Promise<{ at: Copy; bytes: Buffer }> {
	for (let before: Copy | null = null; ; ) {
		const at = table.get(id)?.at ?? null;
		if (at === null) throw new Unknown(id);
		if (before?.name === at.name) throw new Lost(id, at, "is not there");
		try {
			const bytes = await store.get(at);
			if (checksumOf(bytes) !== at.sha256)
				throw new Lost(id, at, "has other bytes than were written");
			return { at, bytes };
		} catch (error) {
			if (!(error instanceof NotThere)) throw error;
			before = at;
		}
	}
}
