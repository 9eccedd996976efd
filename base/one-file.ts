import { existsSync } from "node:fs";

const made = new URL("./one-file/typebox.mjs", import.meta.url);

/**
 * The URL of TypeBox in one file instead of 537, by which every process and thread that loads a scenario has it 0.1 s
 * earlier. `npm ci` makes it (`daemon/package/one-file.ts`); where it did not, this is null, and the package serves.
 */
export const typeboxInOneFile: string | null = existsSync(made) ? made.href : null;
