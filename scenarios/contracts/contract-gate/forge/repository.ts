import { appendFileSync, chmodSync, copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { git, sealedEnv } from "../gate/git.ts";
import { main } from "../gate/refs.ts";
import { commitStream } from "../shop/commit-stream.ts";
import { filesOf } from "../shop/files.ts";
import { firstShop } from "../shop/shop.ts";

/** The name of the repository, in the folder that the forge is started in. */
export const repositoryName = "shop.git";

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

/** Makes the repository with what it holds at first, where it is not there; with the gate as its hook, or without any. */
export async function makeRepository(
	folder: string,
	seed: number,
	isGuarded: boolean,
): Promise<void> {
	const repository = join(folder, repositoryName);
	if (existsSync(join(repository, main))) return;
	await git(["init", "--quiet", "--bare", "--template=", "--initial-branch=main", repositoryName], {
		folder,
	});
	const place = { folder: repository };
	if (isGuarded) {
		appendFileSync(join(repository, "config"), settings);
		installHook(repository);
	}
	const files = Object.entries(filesOf(firstShop(seed)));
	await git(["fast-import", "--quiet", "--date-format=raw"], {
		...place,
		stdin: commitStream({
			ref: main,
			parents: [],
			text: "The shop as it is at first",
			files: files.map(([path, text]) => ({ path, mode: "100644", text })),
		}),
	});
}

function installHook(repository: string): void {
	mkdirSync(join(repository, "hooks"), { recursive: true });
	const hook = join(repository, "hooks", "pre-receive");
	copyFileSync(fileURLToPath(new URL("../gate/pre-receive.sh", import.meta.url)), hook);
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
