import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { daemonOf } from "../../scenarios/subjects/forge/bare-repository.ts";
import type { RunGit } from "../../scenarios/subjects/forge/clone.ts";

// A forge without the daemon: git's own server on a folder, as a run has it.

const shell = fileURLToPath(
	new URL("../../scenarios/subjects/forge/developer.sh", import.meta.url),
);

/** Serves the repositories of a folder while somebody with a clone does something; their hooks ask the gate at this address. */
export async function withForge<T>(
	folder: string,
	gateUrl: string,
	action: (run: RunGit) => Promise<T>,
): Promise<T> {
	const clone = join(folder, "clone");
	mkdirSync(clone);
	const port = await freePort();
	const { args, env } = daemonOf(folder, port, gateUrl, 30);
	const forge = spawn("git", args, { env, stdio: "ignore", detached: true });
	try {
		await answering(port);
		return await action((args, stdin) => git(clone, port, args, stdin));
	} finally {
		process.kill(-forge.pid!, "SIGKILL");
	}
}

function git(clone: string, port: number, args: readonly string[], stdin = "") {
	return new Promise<{ code: number; output: string }>((resolve, reject) => {
		const child = spawn("sh", [shell, ...args], {
			cwd: clone,
			env: { PATH: process.env.PATH ?? "", FORGE: `http://127.0.0.1:${port}` },
		});
		let output = "";
		for (const stream of [child.stdout, child.stderr])
			stream.on("data", (bytes: Buffer) => {
				output += bytes;
			});
		child.stdin.on("error", () => {});
		child.stdin.end(stdin);
		child.once("error", reject);
		child.once("close", (code) => resolve({ code: code ?? -1, output }));
	});
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const { port } = server.address() as { port: number };
	await new Promise((done) => server.close(done));
	return port;
}

async function answering(port: number): Promise<void> {
	for (let tries = 0; ; tries++) {
		const isThere = await new Promise<boolean>((resolve) => {
			const socket = connect(port, "127.0.0.1");
			socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
			socket.once("connect", () => socket.destroy());
		});
		if (isThere) return;
		if (tries === 200) throw new Error(`git's server does not listen on ${port}`);
		await new Promise((done) => setTimeout(done, 20));
	}
}
