import { parseArgs } from "node:util";
import { connectPostgres, variable } from "faultline/subject";
import { Gate } from "./gate/check.ts";
import { findingText } from "./gate/findings.ts";
import { git } from "./gate/git.ts";
import { Repository } from "./gate/repository.ts";
import { NoVerdict, Scratch } from "./gate/scratch.ts";

// The gate's verdict without a hook: may this commit be merged into that one?
//
//   SCRATCH_URL=postgres://… node judge-change.ts --repository . --base origin/main --head HEAD
//
// Exit code 0 where it may, 1 with places and rules where it may not, 2 where there is no verdict.

const { values } = parseArgs({
	options: {
		repository: { type: "string", default: "." },
		base: { type: "string", default: "origin/main" },
		head: { type: "string", default: "HEAD" },
	},
});
const { repository: folder, base, head } = values;
const scratch = new Scratch(() => connectPostgres(variable("SCRATCH_URL")), 10_000);
const gate = new Gate(scratch);
const commitOf = async (name: string) =>
	(await git(["rev-parse", "--verify", `${name}^{commit}`], { folder })).toString().trim();
try {
	const repository = new Repository(folder, {}, new Map());
	const findings = await gate.change(repository, await commitOf(base), await commitOf(head));
	for (const finding of findings) console.log(`blocked: ${findingText(finding)}`);
	if (findings.length === 0) console.log(`passed: ${head} may be merged into ${base}`);
	process.exitCode = findings.length === 0 ? 0 : 1;
} catch (error) {
	if (!(error instanceof NoVerdict)) throw error;
	console.error(`no verdict: ${error.message}`);
	process.exitCode = 2;
} finally {
	await scratch.close();
}
