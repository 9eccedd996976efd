import type { Endpoint } from "../base/endpoint.ts";
import { FaultlineError } from "../base/errors.ts";
import type { Repeat } from "./repeat.ts";
import { constantOf, templateOf } from "./template.ts";

/** What both Redis drivers make of their endpoint and of the command that is to be repeated. */

export function redisUrl(driver: string, at: Endpoint): URL {
	if (at.kind === "redis" && URL.canParse(at.url)) return new URL(at.url);
	throw new FaultlineError(
		"FLT_PLAN_INVALID",
		`the ${driver} driver can't speak to ${at.kind === "redis" ? at.url : `a ${at.kind} endpoint`}`,
		"give its client a path that leads to a Redis server",
	);
}

/** The command's words for each operation; `constant` where they are always the same. */
export function wordsOf(
	repeat: Repeat,
	seed: number,
): { constant: string[] | null; of: (n: number) => string[] } {
	if (repeat.kind !== "redis")
		throw new FaultlineError(
			"FLT_PLAN_INVALID",
			`a Redis driver can't repeat a ${repeat.kind} operation`,
			"give it a command",
		);
	const { command } = repeat;
	const templates = command.map((word) => templateOf(word, seed));
	const constant = command.every((word) => constantOf(word) !== null) ? command : null;
	return { constant, of: (n) => templates.map((template) => template(n)) };
}
