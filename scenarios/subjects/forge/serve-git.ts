import { spawn } from "node:child_process";
import { numberVariable, variable } from "faultline/subject";
import { daemonOf } from "./bare-repository.ts";

/** Serves the repositories of a folder by git's own server, at FLT_PORT; their hooks ask the gate at FLT_PATH_GATE. */
export function serveGit(folder: string): void {
	const limitS = numberVariable("GATE_LIMIT_S", 60);
	const port = numberVariable("FLT_PORT");
	const { args, env } = daemonOf(folder, port, variable("FLT_PATH_GATE"), limitS);
	const daemon = spawn("git", args, { env, stdio: ["ignore", "inherit", "inherit"] });
	daemon.once("exit", (code) => process.exit(code ?? 1));
	process.once("SIGTERM", () => daemon.kill("SIGTERM"));
}
