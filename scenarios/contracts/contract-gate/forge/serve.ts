import { spawn } from "node:child_process";
import { numberVariable, variable } from "faultline/subject";
import { daemonOf, makeRepository } from "./repository.ts";

// Where the repository is kept and pushed to: git's own server, with the gate at FLT_PATH_GATE as the hook of a bare
// repository. GUARD=off is one without a gate.

const folder = process.cwd();
await makeRepository(folder, numberVariable("SEED", 1), variable("GUARD", "on") === "on");
const { args, env } = daemonOf(
	folder,
	numberVariable("FLT_PORT"),
	variable("FLT_PATH_GATE"),
	numberVariable("GATE_LIMIT_S", 60),
);
const daemon = spawn("git", args, { env, stdio: ["ignore", "inherit", "inherit"] });
daemon.once("exit", (code) => process.exit(code ?? 1));
process.once("SIGTERM", () => daemon.kill("SIGTERM"));
