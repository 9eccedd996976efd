import { readFileSync } from "node:fs";
import { FaultlineError, messageOf } from "../base/errors.ts";

/** The bytes of the file that a flag names; `-` is stdin. */
export function bytesOf(flag: string, file: string): Buffer {
	try {
		return readFileSync(file === "-" ? 0 : file);
	} catch (error) {
		throw new FaultlineError(
			"FLT_USAGE",
			`${flag} ${file}: ${messageOf(error)}`,
			"name a file that can be read",
		);
	}
}
