import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Test } from "tap";

/** The test that stands for a whole file, by the file's URL; what `import t from "tap"` gives in it. */
export const ownTests = new Map<string, Test>();

export const urlOf = (file: string) => pathToFileURL(resolve(file)).href;
