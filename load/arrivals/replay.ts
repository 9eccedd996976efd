import { readFileSync } from "node:fs";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import { type ArrivalDefinition, schemaOf } from "../arrival.ts";

export interface ReplayParams {
	file: string;
	speed: number;
}

declare module "../arrival.ts" {
	interface ArrivalKinds {
		replay: ReplayParams;
	}
}

/**
 * Operations at the times of a file, a line each: milliseconds from zero, or timestamps (ISO 8601), which then count
 * from the first. What follows a comma, blank lines and lines that begin with `#` are passed over.
 */
export default {
	shape: "open",
	timed: true,
	params: schemaOf({
		file: { type: "string", minLength: 1, description: "path of the file with the times" },
		speed: {
			type: "number",
			exclusiveMinimum: 0,
			maximum: 1000,
			description: "2 is twice as fast as it was",
		},
	}),
	usual: null,
	pacer({ file, speed }) {
		const times = timesOf(file);
		return (n) => (n < times.length ? times[n]! / speed : null);
	},
} satisfies ArrivalDefinition<ReplayParams>;

function timesOf(file: string): Float64Array {
	const times: number[] = [];
	let firstStamp: number | null = null;
	for (const [index, line] of textOf(file).split("\n").entries()) {
		const text = line.split(",", 1)[0]!.trim();
		if (text === "" || text.startsWith("#")) continue;
		const stamp = Number.isNaN(Number(text)) ? Date.parse(text) : null;
		if (stamp !== null) firstStamp ??= stamp;
		const ms: number = stamp === null ? Number(text) : stamp - firstStamp!;
		const last = times.at(-1) ?? 0;
		if (!(ms >= last))
			throw wrong(
				`line ${index + 1} of ${file} is ${JSON.stringify(text)}: ${Number.isNaN(ms) ? "no time" : `before ${last} ms`}`,
				"give each line milliseconds or a timestamp, in the order of time",
			);
		times.push(ms);
	}
	if (times.length === 0) throw wrong(`${file} has no times`, "give it at least one line");
	return Float64Array.from(times);
}

function textOf(file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch (cause) {
		throw wrong(`can't read ${file}: ${messageOf(cause)}`, "give the path of a file with times");
	}
}

function wrong(message: string, hint: string): FaultlineError {
	return new FaultlineError("FLT_PLAN_INVALID", `arrival "replay": ${message}`, hint);
}
