import { createHash } from "node:crypto";
import type { Tier } from "./tiers.ts";

/** Where bytes lie, in three tiers; what a mover does everything by. */
export interface TierStore {
	/** Replaces what has this name there. */
	put(tier: Tier, name: string, bytes: Uint8Array): Promise<void>;
	/** Replaces what has this name in the other tier. Rejects with `NotThere` where there is nothing to copy. */
	copy(name: string, from: Tier, to: Tier): Promise<void>;
	/** Rejects with `NotThere`. */
	get(tier: Tier, name: string): Promise<Buffer>;
	/** Right where it is not there. */
	remove(tier: Tier, name: string): Promise<void>;
	/** The names of all that lies in a tier. */
	list(tier: Tier): Promise<string[]>;
}

/** The tier has nothing of this name. */
export class NotThere extends Error {
	constructor(tier: Tier, name: string) {
		super(`${tier} has no ${name}`);
		this.name = "NotThere";
	}
}

/** What a copy of a version is called, in whichever tier it lies. */
export function copyName(id: string, version: number): string {
	return `${id}.v${version}`;
}

/** SHA-256 in hex. */
export function checksumOf(bytes: Uint8Array): string {
	return createHash("sha256").update(bytes).digest("hex");
}
