import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import type { RunGit } from "../../../../scenarios/contracts/contract-gate/developer.ts";
import {
	makeRepository,
	repositoryName,
} from "../../../../scenarios/contracts/contract-gate/forge/repository.ts";
import { Gate } from "../../../../scenarios/contracts/contract-gate/gate/check.ts";
import { saidFile } from "../../../../scenarios/contracts/contract-gate/gate/files.ts";
import { runGit } from "../../../../scenarios/contracts/contract-gate/gate/git.ts";
import type { Scratch } from "../../../../scenarios/contracts/contract-gate/gate/scratch.ts";
import { gateServer } from "../../../../scenarios/contracts/contract-gate/gate/service.ts";

// A real repository with the real hook, without a forge: pushes go to its folder.

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

export interface InGit {
	repository: string;
	/** A clone of its own, by its name, and its git; its pushes are judged by the gate at another address, where one is given. */
	clone(name: string, gateUrl?: string): RunGit;
}

/** The repository of a seed, whose hook asks the gate at this address. */
export async function inGit(t: Test, seed: number, gateUrl: string, limitS = 20): Promise<InGit> {
	const folder = t.testdir();
	await makeRepository(folder, seed, true);
	const repository = join(folder, repositoryName);
	return {
		repository,
		clone(name, url = gateUrl) {
			const at = join(folder, name);
			mkdirSync(at);
			const env = { GATE_URL: url, GATE_LIMIT_S: String(limitS) };
			return async (args, stdin) => {
				const remote = ["-c", `remote.forge.url=${repository}`, ...args];
				const place = stdin === undefined ? { folder: at, env } : { folder: at, env, stdin };
				const { code, out, said } = await runGit(remote, place);
				return { code, output: `${out}${said}` };
			};
		},
	};
}

/** The gate itself, whose scratch database finds this. */
export function gateFinding(
	t: Test,
	findings: Scratch["findings"] = async () => [],
): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), "contract-gate-"));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	return listening(t, gateServer(new Gate({ findings }), join(folder, saidFile)));
}
