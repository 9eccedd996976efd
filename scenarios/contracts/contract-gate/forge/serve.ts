import { numberVariable, variable } from "faultline/subject";
import { serveGit } from "../../../subjects/forge/serve-git.ts";
import { makeShopRepository } from "./repository.ts";

// Where the repository is kept and pushed to: git's own server, with the gate at FLT_PATH_GATE as the hook of a bare
// repository. GUARD=off is one without a gate.

const folder = process.cwd();
await makeShopRepository(folder, numberVariable("SEED", 1), variable("GUARD", "on") === "on");
serveGit(folder);
