import { readFileSync } from "node:fs";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import { type ArrivalDefinition, schemaOf } from "../arrival.ts";
import { replayTimes } from "../replay-times.ts";

export interface ReplayParams {
	file: string;
	speed: number;
}

declare module "../arrival.ts" {
	interface ArrivalKinds {
		replay: ReplayParams;
	}
}

/** Operations at the times of a file, a line each (`replay-times.ts`). */
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
		const times = replayTimes(file, textOf(file));
		return (n) => (n < times.length ? times[n]! / speed : null);
	},
} satisfies ArrivalDefinition<ReplayParams>;

function textOf(file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch (cause) {
		throw new FaultlineError(
			"FLT_PLAN_INVALID",
			`arrival "replay": can't read ${file}: ${messageOf(cause)}`,
			"give the path of a file with times",
		);
	}
}
