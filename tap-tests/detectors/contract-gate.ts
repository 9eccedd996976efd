import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Test } from "tap";
import { connectPostgres } from "../../base/postgres-client.ts";
import { Changes } from "../../scenarios/contracts/contract-gate/changes/changes.ts";
import { Developer } from "../../scenarios/contracts/contract-gate/developer.ts";
import {
	daemonOf,
	makeRepository,
} from "../../scenarios/contracts/contract-gate/forge/repository.ts";
import { Gate } from "../../scenarios/contracts/contract-gate/gate/check.ts";
import { saidFile } from "../../scenarios/contracts/contract-gate/gate/files.ts";
import { Scratch } from "../../scenarios/contracts/contract-gate/gate/scratch.ts";
import { gateServer } from "../../scenarios/contracts/contract-gate/gate/service.ts";
import { scratchUrl } from "../../scenarios/contracts/contract-gate/scratch-role.ts";
import { makeScratchRole } from "../../scenarios/contracts/contract-gate/scratch-seen.ts";
import { bringChange, type TrialReceipt } from "../../scenarios/contracts/contract-gate/trial.ts";
import type { GuardTrial } from "../../scenarios/kit/confusion.ts";
import { listening } from "../scenarios/contracts/contract-gate/in-git.ts";

// The gate without the daemon: Postgres, git's own server and the gate's, as a run has them, and nothing that breaks.

const shell = fileURLToPath(
	new URL("../../scenarios/contracts/contract-gate/developer.sh", import.meta.url),
);

/** A scratch database of the test's own, by the role that the gate has in a run. */
export async function scratchFor(t: Test, url: string): Promise<Scratch> {
	const admin = await connectPostgres(url);
	const { pathname } = new URL(url);
	const database = decodeURIComponent(pathname.slice(1));
	await makeScratchRole((text) => admin.query(text), database);
	await admin.end();
	const as = scratchUrl(url, database);
	const scratch = new Scratch(() => connectPostgres(as), 5_000);
	t.teardown(() => scratch.close());
	return scratch;
}

/** What the gate says of so many changes of a seed, brought one after another to a repository of their own. */
export async function trialsOf(
	t: Test,
	seed: number,
	count: number,
	scratch: Pick<Scratch, "findings">,
): Promise<TrialReceipt[]> {
	const folder = mkdtempSync(join(tmpdir(), "contract-gate-"));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const server = gateServer(new Gate(scratch), join(folder, saidFile));
	const gateUrl = await listening(t, server);
	await makeRepository(folder, seed, true);
	const clone = join(folder, "clone");
	mkdirSync(clone);
	const port = await freePort();
	const { args, env } = daemonOf(folder, port, gateUrl, 30);
	const forge = spawn("git", args, { env, stdio: "ignore", detached: true });
	const end = () => process.kill(-forge.pid!, "SIGKILL");
	try {
		await answering(port);
		const developer = new Developer((args, stdin) => git(clone, port, args, stdin), 20);
		const changes = new Changes(seed);
		const receipts: TrialReceipt[] = [];
		const limit = AbortSignal.timeout(10_000 * count);
		for (let n = 0; n < count; n++)
			receipts.push(await bringChange(changes.at(n), developer, 6, limit));
		return receipts;
	} finally {
		end();
	}
}

export function guardTrialOf({ n, kind, truth, verdict, smallest }: TrialReceipt): GuardTrial {
	return { name: `${n} ${kind}`, change: kind, truth, verdict, smallest };
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
