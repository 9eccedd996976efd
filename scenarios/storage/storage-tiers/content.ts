import { createHash } from "node:crypto";
import { sizeOf } from "./trace.ts";

/** The object's name in the store. */
export function objectId(object: number): string {
	return `object-${object}`;
}

/** Real bytes are a sample of the size that is billed: one for so many. */
export const shrunkBy = 4_096;
const mostBytes = 64 * 1_024;

/** The bytes of one version of one object, of the seed alone: who writes them and who checks them make them each. */
export function contentOf(seed: number, object: number, version: number): Buffer {
	const length = Math.ceil(Math.min(mostBytes, sizeOf(seed, object, version) / shrunkBy));
	return createHash("shake256", { outputLength: length })
		.update(`${seed >>> 0}/${object}/${version}`)
		.digest();
}
