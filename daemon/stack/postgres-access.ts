import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../tools/program.ts";
import type { LaunchContext } from "./service.ts";
import type { User } from "./unprivileged.ts";

/** Who may connect to our Postgres: its superuser, with this password. */
export interface Access {
	password: string;
	/** The text of `pg_hba.conf`. It tells a change of the password, and not the password. */
	rules: string;
}

/** A superuser's session runs any program as the user of the server: nobody gets one for being on this machine. */
export function accessFor(password: string): Access {
	const mark = createHash("sha256").update(password).digest("hex").slice(0, 16);
	const rules = [
		`# Written by Faultline, for the password that begins ${mark} when it is hashed.`,
		"local all all scram-sha-256",
		"host all all 127.0.0.1/32 scram-sha-256",
		"local replication all scram-sha-256",
		"host replication all 127.0.0.1/32 scram-sha-256",
	];
	return { password, rules: `${rules.join("\n")}\n` };
}

interface Locked {
	/** The server's program and arguments. */
	file: string;
	args: readonly string[];
	data: string;
	user: User | null;
	access: Access;
}

/**
 * Gives the data folder this password and these rules, unless it has them: a new folder lets nobody in, one of an
 * earlier version everybody. Before the server listens: it works on the folder alone, as the server's own user, and
 * the rules come last, so that one that breaks off is done again.
 */
export async function lockDown(
	{ file, args, data, user, access: { password, rules } }: Locked,
	{ env, signal }: Pick<LaunchContext, "env" | "signal">,
): Promise<void> {
	const rulesFile = join(data, "pg_hba.conf");
	if (textOf(rulesFile) === rules) return;
	const alone = {
		exit_on_error: "on",
		// So many are for words that people choose: nobody guesses 24 random bytes, and who connects often would pay.
		scram_iterations: "1",
		// Neither its statistics nor its messages are to hold the password.
		shared_preload_libraries: "",
		log_min_error_statement: "panic",
	};
	const settings = Object.entries(alone).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
	const lines = `string_to_array(${quoted(rules.trimEnd().replaceAll("\n", "|"))}, '|')`;
	const statements = [
		`alter role postgres password ${quoted(password)}`,
		`copy (select unnest(${lines})) to ${quoted(rulesFile)}`,
	];
	await runProgram(file, ["--single", ...args, ...settings, "postgres"], {
		cwd: data,
		env,
		signal,
		limitMs: 60_000,
		input: `${statements.join("\n")}\n`,
		user,
	});
	if (textOf(rulesFile) !== rules) throw new Error(`${rulesFile} could not be written`);
}

function quoted(text: string): string {
	return `'${text.replaceAll("'", "''")}'`;
}

function textOf(file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch {
		return "";
	}
}
