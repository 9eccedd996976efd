import { createHash } from "node:crypto";

/** Equal for equal texts, in equal order. */
export function digestOf(...texts: readonly string[]): string {
	return createHash("sha256").update(JSON.stringify(texts)).digest("hex");
}
