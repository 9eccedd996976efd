import { parseArgs } from "node:util";
import { Gate } from "../../subjects/gate/gate.ts";
import { judgeCommit } from "../../subjects/gate/judge-commit.ts";
import { folderSource } from "./gate/folder-source.ts";
import { Mains } from "./gate/mains.ts";
import { meansOf, membersOf } from "./gate/means.ts";
import { MeshContent } from "./gate/mesh-content.ts";

// The gate's verdict without a hook: may this commit of one of the mesh's repositories be merged into that one?
//
//   PUBLISHERS="sales crm" CONSUMERS="finance logistics marketing" SCRATCH_URL=postgres://… \
//     node judge-change.ts --name sales --mains ../mains --repository . --base origin/main --head HEAD
//
// `--mains` is a folder with a bare clone of each other repository.

const { values } = parseArgs({
	options: {
		name: { type: "string", default: "" },
		mains: { type: "string", default: ".." },
		repository: { type: "string", default: "." },
		base: { type: "string", default: "origin/main" },
		head: { type: "string", default: "HEAD" },
	},
});
const members = membersOf();
const names = [...members.publishers, ...members.consumers];
const mains = new Mains(folderSource(values.mains), names);
const databases = meansOf({ members, patienceMs: 10_000 });
try {
	const gate = new Gate(new MeshContent({ ...databases, mains }));
	process.exitCode = await judgeCommit(gate, values, values.name);
} finally {
	await databases.close();
}
