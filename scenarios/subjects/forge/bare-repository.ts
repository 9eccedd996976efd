import { appendFileSync, chmodSync, copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { main } from "../gate/refs.ts";
import { commitInto } from "./commit-into.ts";
import { git, sealedEnv } from "./git.ts";

/**
 * What the server itself does: it takes no object that is malformed, and nothing that is huge. Names that lead out of a
 * repository it only tells of: the gate says where they are.
 */
const settings = `[core]
	hooksPath = hooks
[receive]
	fsckObjects = true
	maxInputSize = 4m
[receive "fsck"]
	hasDotdot = warn
	hasDot = warn
	hasDotgit = warn
[gc]
	auto = 0
`;

/** A repository as it is at first. */
export interface FirstRepository {
	/** Of its folder: `shop.git`. */
	name: string;
	/** What its first commit says, and holds. */
	text: string;
	files: Readonly<Record<string, string>>;
	/** What decides of each push; null of one where anything may be pushed. */
	hook: URL | null;
}

/** Makes it in a folder, where it is not there. */
export async function makeRepository(
	folder: string,
	{ name, text, files, hook }: FirstRepository,
): Promise<void> {
	const repository = join(folder, name);
	if (existsSync(join(repository, main))) return;
	await git(["init", "--quiet", "--bare", "--template=", "--initial-branch=main", name], {
		folder,
	});
	if (hook !== null) {
		appendFileSync(join(repository, "config"), settings);
		installHook(repository, hook);
	}
	await commitInto(repository, {
		ref: main,
		parents: [],
		text,
		files: Object.entries(files).map(([path, text]) => ({ path, mode: "100644", text })),
	});
}

function installHook(repository: string, from: URL): void {
	mkdirSync(join(repository, "hooks"), { recursive: true });
	const hook = join(repository, "hooks", "pre-receive");
	copyFileSync(fileURLToPath(from), hook);
	chmodSync(hook, 0o755);
}

/** The command of git's own server for what is in a folder, and what it is given. */
export function daemonOf(folder: string, port: number, gateUrl: string, limitS: number) {
	const args = [
		"daemon",
		"--reuseaddr",
		"--listen=127.0.0.1",
		`--port=${port}`,
		`--base-path=${folder}`,
		"--export-all",
		"--enable=receive-pack",
		"--informative-errors",
		folder,
	];
	return { args, env: { ...sealedEnv, GATE_URL: gateUrl, GATE_LIMIT_S: String(limitS) } };
}
