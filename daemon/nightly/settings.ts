import { resolve } from "node:path";
import { messageOf } from "../../base/errors.ts";
import { durationMs } from "../../load/quantities.ts";
import { type Size, sizes } from "../../scenarios/contract/run-params.ts";
import { isFile } from "../host/named.ts";
import type { PairShape } from "../record/duet.ts";

type VariantParams = Record<string, string | number | boolean>;

/** A scenario in two variants, the pinned one first: the nightly asks whether B is worse. */
export interface DuetEntry {
	/** A name, or an absolute path of a scenario file. */
	scenario: string;
	a: VariantParams;
	b: VariantParams;
	shape: PairShape;
}

/** What a nightly does, whoever asks for it. */
export interface NightlyPlan {
	/** Names, or absolute paths of scenario files; null: all there are. */
	scenarios: string[] | null;
	duets: DuetEntry[];
	/** Nothing more is begun after it. */
	budgetMs: number;
	size: Size;
	seed: number;
	/** Where the summary is posted. A secret: its path and query are never told. */
	webhook: string | null;
	/** Faults may break what Faultline has not started; who begins a night by hand may allow it, no setting can. */
	allowDestructive: boolean;
}

export interface NightlySettings extends NightlyPlan {
	/** When, as a cron line; null: only when asked. */
	at: string | null;
	/** IANA name; null: the machine's. */
	timeZone: string | null;
}

/** As people write them: flags of `faultline nightly`. */
export interface NightlyFlags {
	only?: string | undefined;
	budget?: string | undefined;
	size?: string | undefined;
	seed?: string | undefined;
	webhook?: string | undefined;
}

interface Sources {
	flags: NightlyFlags;
	env: Record<string, string | undefined>;
	/** `nightly` in `faultline.config.ts`. */
	config: unknown;
	/** Relative scenario files count from it. */
	folder: string;
}

const parts = ["at", "timeZone", "scenarios", "duets", "budget", "size", "seed", "webhook"];
const threeHours = "3h";

/** The nightly's settings: flag, variable, `nightly` in `faultline.config.ts`, default. What is wrong goes to `problems`. */
export function resolveNightly(sources: Sources, problems: string[]): NightlySettings {
	const { flags, env, folder } = sources;
	const config = asObject(sources.config, "nightly", parts, problems);
	const take = (
		part: string,
		variable: string,
		flag?: { name: string; text: string | undefined },
	) => {
		if (flag?.text !== undefined) return { text: flag.text, source: flag.name };
		if (env[variable]) return { text: env[variable], source: variable };
		const line = config[part];
		if (line === undefined || line === null) return null;
		const text = Array.isArray(line) ? line.join(",") : String(line);
		return { text, source: `nightly.${part} in faultline.config.ts` };
	};
	const read = <T>(
		given: ReturnType<typeof take>,
		standard: T,
		allowed: string,
		parse: (text: string) => T | undefined,
		isSecret = false,
	): T => {
		if (given === null) return standard;
		const value = parse(given.text.trim());
		if (value !== undefined) return value;
		problems.push(`${given.source} is "${isSecret ? "***" : given.text}"; allowed: ${allowed}`);
		return standard;
	};
	return {
		at: read<string | null>(
			take("at", "FAULTLINE_NIGHTLY_AT"),
			null,
			'a cron line of 5 or 6 fields, such as "0 3 * * *"',
			(text) => ([5, 6].includes(text.split(/\s+/).length) ? text : undefined),
		),
		timeZone: read<string | null>(
			take("timeZone", "FAULTLINE_NIGHTLY_TIME_ZONE"),
			null,
			"a time zone by its IANA name, such as Europe/Berlin",
			(text) => (isTimeZone(text) ? text : undefined),
		),
		scenarios: read<string[] | null>(
			take("scenarios", "FAULTLINE_NIGHTLY_SCENARIOS", { name: "--only", text: flags.only }),
			null,
			"names or files of scenarios, separated by commas",
			(text) => {
				const names = text.split(",").map((name) => name.trim());
				return names.includes("") ? undefined : names.map((name) => fileOrName(name, folder));
			},
		),
		duets: duetsOf(config.duets, folder, problems),
		budgetMs: read(
			take("budget", "FAULTLINE_NIGHTLY_BUDGET", { name: "--budget", text: flags.budget }),
			durationMs(threeHours, ""),
			"a time such as 90m or 3h",
			(text) => tryTo(() => durationMs(text, "")),
		),
		size: read<Size>(
			take("size", "FAULTLINE_NIGHTLY_SIZE", { name: "--size", text: flags.size }),
			"default",
			sizes.join(", "),
			(text) => sizes.find((size) => size === text),
		),
		seed: read(
			take("seed", "FAULTLINE_NIGHTLY_SEED", { name: "--seed", text: flags.seed }),
			1,
			"a whole number from 0 to 4294967295",
			(text) => (/^\d{1,10}$/.test(text) && Number(text) < 2 ** 32 ? Number(text) : undefined),
		),
		webhook: read<string | null>(
			take("webhook", "FAULTLINE_NIGHTLY_WEBHOOK", { name: "--webhook", text: flags.webhook }),
			null,
			"http:// or https:// and where to post",
			(text) => (/^https?:$/.test(tryTo(() => new URL(text).protocol) ?? "") ? text : undefined),
			true,
		),
		allowDestructive: false,
	};
}

const duetParts = ["scenario", "a", "b", "whole", "turn", "turns", "warmup"];

function duetsOf(given: unknown, folder: string, problems: string[]): DuetEntry[] {
	if (given === undefined || given === null) return [];
	if (!Array.isArray(given)) {
		problems.push("nightly.duets in faultline.config.ts is no list");
		return [];
	}
	return given.flatMap((entry: unknown, i) => {
		const what = `nightly.duets[${i}]`;
		const before = problems.length;
		const {
			scenario,
			a,
			b,
			whole = false,
			turn = "5s",
			turns = 6,
			warmup = "2s",
		} = asObject(...([entry, what, duetParts, problems] as const));
		if (typeof scenario !== "string" || scenario === "") problems.push(`${what} names no scenario`);
		const [paramsA, paramsB] = [
			variantOf(a, `${what}.a`, problems),
			variantOf(b, `${what}.b`, problems),
		];
		const time = (value: unknown, part: string) => {
			try {
				return durationMs(String(value), `${what}.${part}`);
			} catch (error) {
				problems.push(messageOf(error));
				return 0;
			}
		};
		const [warmMs, turnMs, count] = [time(warmup, "warmup"), time(turn, "turn"), Number(turns)];
		if (!Number.isInteger(count) || count < 1) problems.push(`${what}.turns is no number from 1`);
		if (problems.length > before) return [];
		const shape: PairShape =
			whole === true ? { kind: "whole" } : { kind: "turns", warmMs, turnMs, turns: count };
		return [{ scenario: fileOrName(String(scenario), folder), a: paramsA, b: paramsB, shape }];
	});
}

function variantOf(given: unknown, what: string, problems: string[]): VariantParams {
	const params = asObject(given, what, null, problems);
	for (const [name, value] of Object.entries(params))
		if (!["string", "number", "boolean"].includes(typeof value))
			problems.push(`${what}.${name} is neither text, number nor true or false`);
	return params as VariantParams;
}

function asObject(
	given: unknown,
	what: string,
	known: readonly string[] | null,
	problems: string[],
): Record<string, unknown> {
	if (given === undefined || given === null) return {};
	if (typeof given !== "object" || Array.isArray(given)) {
		problems.push(`${what} in faultline.config.ts is no object`);
		return {};
	}
	for (const name of Object.keys(given))
		if (known !== null && !known.includes(name))
			problems.push(`${what} has no "${name}"; known: ${known.join(", ")}`);
	return given as Record<string, unknown>;
}

/** Is it a file of the user's own, which may lie anywhere? Then by its whole path. */
function fileOrName(scenario: string, folder: string): string {
	return isFile(scenario) ? resolve(folder, scenario) : scenario;
}

function isTimeZone(name: string): boolean {
	return tryTo(() => new Intl.DateTimeFormat("en", { timeZone: name })) !== undefined;
}

function tryTo<T>(make: () => T): T | undefined {
	try {
		return make();
	} catch {
		return undefined;
	}
}
