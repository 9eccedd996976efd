import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { entryUrl } from "../../base/entry.ts";
import { quitCode } from "../tui/exit-codes.ts";
import { tokenVariable } from "../tui/token.ts";

/** Why no dashboard can be drawn here; null where one can. */
export function noDashboardWhy(): string | null {
	if (!process.stdin.isTTY || !process.stdout.isTTY) return "the dashboard needs a terminal";
	return process.env.TERM === "dumb"
		? "the dashboard needs a terminal that can place its cursor, and TERM is dumb"
		: null;
}

/**
 * Draws the dashboard in a process of its own, which has the terminal until it ends. Resolves with true when its user
 * asked for the end of the daemon; `signal` ends it from here. The terminal is restored even when it crashed.
 */
export async function openDashboard(
	url: string,
	{ owner, token, signal }: { owner: boolean; token: string; signal?: AbortSignal },
): Promise<boolean> {
	const entry = fileURLToPath(entryUrl("../tui/main.ts", import.meta.url));
	const child = spawn(process.execPath, ["--no-warnings", entry, url, owner ? "owner" : "guest"], {
		stdio: "inherit",
		// Not by an argument, which everybody on this machine can read.
		env: { ...process.env, [tokenVariable]: token },
	});
	signal?.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
	const code = await new Promise<number | null>((resolve) => {
		child.once("error", () => resolve(null));
		child.once("exit", resolve);
	});
	if (code !== 0 && code !== quitCode) restoreTerminal();
	return code === quitCode;
}

function restoreTerminal(): void {
	// Leave the alternate screen, show the cursor, no mouse reports, plain text.
	process.stdout.write("\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1006l\x1b[0m\n");
}
