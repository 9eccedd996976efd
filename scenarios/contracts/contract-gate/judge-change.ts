import { parseArgs } from "node:util";
import { connectPostgres, variable } from "faultline/subject";
import { ContractContent } from "../../subjects/gate/contract-content.ts";
import { Gate } from "../../subjects/gate/gate.ts";
import { judgeCommit } from "../../subjects/gate/judge-commit.ts";
import { Scratch } from "../../subjects/gate/scratch.ts";

// The gate's verdict without a hook: may this commit be merged into that one?
//
//   SCRATCH_URL=postgres://… node judge-change.ts --repository . --base origin/main --head HEAD

const { values } = parseArgs({
	options: {
		repository: { type: "string", default: "." },
		base: { type: "string", default: "origin/main" },
		head: { type: "string", default: "HEAD" },
	},
});
const scratch = new Scratch(() => connectPostgres(variable("SCRATCH_URL")), 10_000);
try {
	process.exitCode = await judgeCommit(new Gate(new ContractContent(scratch)), values);
} finally {
	await scratch.close();
}
