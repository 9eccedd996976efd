import { RunEnd, runEndOf } from "../watch/interrupt.ts";

/** A call into scenario code: what it threw is the scenario's mistake, and says which hook. */
export async function hook<T>(name: string, call: Promise<T>): Promise<T> {
	try {
		return await call;
	} catch (error) {
		const end = runEndOf(error, "check_threw");
		throw end.code === "check_threw"
			? new RunEnd(end.code, `${name} threw: ${end.message}`, error)
			: end;
	}
}
