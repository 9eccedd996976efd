import { type Commit, commitStream } from "./commit-stream.ts";
import { git } from "./git.ts";

/** Makes a commit in a bare repository, without a push and so without its hook; its id. */
export async function commitInto(folder: string, commit: Commit): Promise<string> {
	await git(["fast-import", "--quiet", "--date-format=raw"], {
		folder,
		stdin: commitStream(commit),
	});
	return String(await git(["rev-parse", commit.ref], { folder })).trim();
}
