import { createHash } from "node:crypto";
import type { Tier } from "./tiers.ts";

/** Where one copy lies. */
export type Place = { tier: Tier; name: string };

/** Where bytes lie, in three tiers; what a mover does everything by. */
export interface TierStore {
	/** Replaces what is in that place. */
	put(at: Place, bytes: Uint8Array): Promise<void>;
	/** Replaces what is in the second place. Rejects with `NotThere` where there is nothing to copy. */
	copy(from: Place, to: Place): Promise<void>;
	/** Rejects with `NotThere`. */
	get(at: Place): Promise<Buffer>;
	/** Right where it is not there. */
	remove(at: Place): Promise<void>;
	/** The names of all that lies in a tier. */
	list(tier: Tier): Promise<string[]>;
}

/** The tier has nothing of this name. */
export class NotThere extends Error {
	constructor({ tier, name }: Place) {
		super(`${tier} has no ${name}`);
		this.name = "NotThere";
	}
}

/**
 * What the copy is called that is made by what this revision of a pointer says. No name is ever used twice: what a mover
 * that was killed had sent, and what arrives late, can't hit a copy that somebody else has made since.
 */
export function copyName(id: string, revision: number): string {
	return `${id}.${revision}`;
}

/** SHA-256 in hex. */
export function checksumOf(bytes: Uint8Array): string {
	return createHash("sha256").update(bytes).digest("hex");
}
