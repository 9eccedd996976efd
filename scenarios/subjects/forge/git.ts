import { spawn } from "node:child_process";

/**
 * What every git is given: no settings but the repository's own, nobody who is asked, no time or name of this machine, and
 * no object that stands for another.
 */
export const sealedEnv: Readonly<Record<string, string>> = {
	PATH: process.env.PATH ?? "/usr/bin:/bin",
	HOME: "/nonexistent",
	LC_ALL: "C",
	GIT_CONFIG_NOSYSTEM: "1",
	GIT_CONFIG_GLOBAL: "/dev/null",
	GIT_TERMINAL_PROMPT: "0",
	GIT_ASKPASS: "true",
	GIT_NO_REPLACE_OBJECTS: "1",
	GIT_AUTHOR_NAME: "gate",
	GIT_AUTHOR_EMAIL: "gate@example.org",
	GIT_COMMITTER_NAME: "gate",
	GIT_COMMITTER_EMAIL: "gate@example.org",
	GIT_ADVICE: "0",
};

export interface GitEnd {
	code: number;
	out: Buffer;
	said: string;
}

/** Where a git works, and what it is given to read and to know. */
export interface GitPlace {
	folder: string;
	/** Beside the sealed ones. */
	env?: Readonly<Record<string, string>>;
	stdin?: string | Buffer;
}

/** Runs git to its end, whatever that is. */
export function runGit(args: readonly string[], { folder, env, stdin }: GitPlace): Promise<GitEnd> {
	return new Promise((resolve, reject) => {
		const child = spawn("git", args, { cwd: folder, env: { ...sealedEnv, ...env } });
		const [out, said]: [Buffer[], Buffer[]] = [[], []];
		child.stdout.on("data", (bytes: Buffer) => out.push(bytes));
		child.stderr.on("data", (bytes: Buffer) => said.push(bytes));
		child.stdin.on("error", () => {}); // it may end before it has read all
		child.stdin.end(stdin);
		child.once("error", reject);
		child.once("close", (code) =>
			resolve({ code: code ?? -1, out: Buffer.concat(out), said: Buffer.concat(said).toString() }),
		);
	});
}

/** What git says where it has to do what it is told. */
export async function git(args: readonly string[], place: GitPlace): Promise<Buffer> {
	const { code, out, said } = await runGit(args, place);
	if (code !== 0) throw new Error(`git ${args.join(" ")} ended with ${code}: ${said.trim()}`);
	return out;
}
