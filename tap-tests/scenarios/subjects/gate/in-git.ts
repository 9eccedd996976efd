import { mkdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import type { Test } from "tap";
import type { RunGit } from "../../../../scenarios/subjects/forge/clone.ts";
import { runGit } from "../../../../scenarios/subjects/forge/git.ts";

// Real repositories with the real hook, without a forge: pushes go to their folder.

/** Where a server listens on loopback; it is closed with the test. */
export async function listening(t: Test, server: Server): Promise<string> {
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	t.teardown(() => server.close());
	return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

/** A gate that answers with this text, whatever it is asked. */
export function saying(status: number, text: string): Server {
	return createServer((request, response) => {
		request.resume();
		request.on("end", () => response.writeHead(status).end(text));
	});
}

/** A clone of its own, by its name, and its git; its pushes are judged by the gate at another address, where one is given. */
export type CloneOf = (name: string, gateUrl?: string) => RunGit;

/** Clones of a folder's repositories, whose hooks ask the gate at this address. */
export function clonesOf(folder: string, gateUrl: string, limitS = 20): CloneOf {
	return (name, url = gateUrl) => {
		const at = join(folder, name);
		mkdirSync(at);
		const env = { GATE_URL: url, GATE_LIMIT_S: String(limitS) };
		return async (args, stdin) => {
			const remote = ["-c", `url.${folder}/.insteadOf=forge:`, ...args];
			const place = stdin === undefined ? { folder: at, env } : { folder: at, env, stdin };
			const { code, out, said } = await runGit(remote, place);
			return { code, output: `${out}${said}` };
		};
	};
}
