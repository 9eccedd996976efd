import type { Test } from "tap";
import { reportAndExit, runCli } from "../../../daemon/cli/cli.ts";

/** Runs a command line in this process: its exit code and what it said. */
export async function command(t: Test, argv: string[]) {
	const said = { out: "", err: "" };
	const out = t.intercept(process.stdout, "write", { value: (text: string) => (said.out += text) });
	const err = t.intercept(process.stderr, "write", { value: (text: string) => (said.err += text) });
	const exitCode = process.exitCode;
	process.exitCode = 0;
	try {
		await runCli(argv).catch(reportAndExit);
		return { code: process.exitCode, ...said };
	} finally {
		process.exitCode = exitCode;
		out.restore();
		err.restore();
	}
}
