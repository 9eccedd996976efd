import type { Endpoint } from "../base/endpoint.ts";
import { FaultlineError, messageOf } from "../base/errors.ts";
import { cantConnect } from "./connect-error.ts";
import { type RedisAddress, redisAddressOf } from "./redis-url.ts";
import type { Repeat } from "./repeat.ts";
import { checkTemplate, constantOf, holePattern, templateOf } from "./template.ts";

/** What both Redis drivers make of their endpoint and of the command that is to be repeated. */

export function redisAddress(driver: string, at: Endpoint): RedisAddress {
	if (at.kind === "redis") return redisAddressOf(at.url);
	throw new FaultlineError(
		"FLT_PLAN_INVALID",
		`the ${driver} driver can't speak to a ${at.kind} endpoint`,
		"give its client a path that leads to a Redis server",
	);
}

/** A word in quotes, or one with templates in it, which may hold spaces. */
const word = new RegExp(
	String.raw`"([^"]*)"(?=\s|$)|'([^']*)'(?=\s|$)|((?!["'])(?:${holePattern}|\S)+)|\S`,
	"g",
);

/** Splits a command at spaces; quotes keep a word together, and a template is one. */
export function commandOf(text: string): string[] {
	const words = [...text.matchAll(word)].map(([all, double, single, plain]) => {
		const found = double ?? single ?? plain;
		if (found !== undefined) return found;
		throw new FaultlineError(
			"FLT_USAGE",
			`--command has a word that begins with ${all} and does not end with it: ${text}`,
			"close the quotes, or put a word with one kind of quotes in it into the other kind",
		);
	});
	for (const each of words) checkTemplate("--command", each);
	refuseStateful(words);
	if (words.length > 0) return words;
	throw new FaultlineError(
		"FLT_USAGE",
		"--command is empty",
		"write --command 'GET key:{random(1,1000)}'",
	);
}

/** Commands after which their connection answers otherwise than with a reply to each command. */
const stateful = new Set(
	"SUBSCRIBE PSUBSCRIBE SSUBSCRIBE MONITOR SYNC PSYNC HELLO RESET QUIT MULTI WATCH".split(" "),
);

function refuseStateful([first = "", second = ""]: readonly string[]): void {
	const name = first.toUpperCase();
	const isReply = name === "CLIENT" && second.toUpperCase() === "REPLY";
	if (!stateful.has(name) && !isReply) return;
	throw new FaultlineError(
		"FLT_USAGE",
		`--command ${isReply ? "CLIENT REPLY" : name} changes how its connection answers, and other commands go over it too`,
		"give a command that is whole by itself; several as one are EVAL 'SCRIPT' 0",
	);
}

const infoLimitMs = 2_000;

/**
 * Refuses a node of a cluster, whose keys are spread over several servers: a client here speaks to one. A server that
 * does not tell what it is, or not soon, is taken for none.
 */
export async function refuseCluster(
	{ shown, isSecure }: RedisAddress,
	command: (words: string[], signal: AbortSignal) => Promise<unknown>,
	signal: AbortSignal,
): Promise<void> {
	const limit = AbortSignal.any([signal, AbortSignal.timeout(infoLimitMs)]);
	const info = await command(["INFO", "cluster"], limit).catch((error: unknown) => {
		if (!messageOf(error).startsWith("NOAUTH")) return null;
		throw cantConnect(shown, { count: 1, secure: isSecure }, error);
	});
	if (typeof info !== "string" || !/^cluster_enabled:1\b/m.test(info)) return;
	throw new FaultlineError(
		"FLT_PLAN_INVALID",
		`${shown} is a node of a Redis cluster (cluster_enabled:1): it answers MOVED for keys of other nodes, which no driver here follows`,
		"load a single server, or a proxy that hides the cluster",
	);
}

const shownCharsMax = 60;

/** What a server refused, with the command that it did: its own words seldom name it. */
export function ofCommand<E extends Error>(error: E, words: readonly string[]): E {
	const command = words.join(" ");
	const shown = command.length > shownCharsMax ? `${command.slice(0, shownCharsMax)}…` : command;
	error.message = `${error.message} (${shown})`;
	return error;
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
