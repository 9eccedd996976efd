import { appendFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { findingText } from "./findings.ts";
import type { Verdict } from "./gate.ts";
import type { RefUpdate } from "./refs.ts";
import { Repository } from "./repository.ts";
import type { Said } from "./said.ts";

/** What judges pushes. */
export interface Judge {
	judge(repository: Repository, updates: readonly RefUpdate[]): Promise<Verdict>;
}

/** A push as `pre-receive` asks about it. */
export interface Push {
	repository: string;
	/** Where objects wait to be let in; empty where they are in already. */
	objects: string;
	alternates: string;
	updates: RefUpdate[];
}

/** What `pre-receive` sends; null where it is none of that. */
export function pushOf(body: string): Push | null {
	const [repository, objects, alternates, ...lines] = body.split("\n");
	const after = (line: string | undefined, word: string) =>
		line?.startsWith(`${word} `) ? line.slice(word.length + 1) : null;
	const [folder, objectsAt, alternatesAt] = [
		after(repository, "repository"),
		after(objects, "objects"),
		after(alternates, "alternates"),
	];
	const updates = lines
		.filter((line) => line !== "")
		.map((line) => /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (\S+)$/.exec(line));
	if (!folder || objectsAt === null || alternatesAt === null || updates.length === 0) return null;
	if (updates.some((update) => update === null)) return null;
	return {
		repository: folder,
		objects: objectsAt,
		alternates: alternatesAt,
		updates: updates.map((update) => ({
			before: update![1]!,
			after: update![2]!,
			ref: update![3]!,
		})),
	};
}

/** The lines of an answer: the verdict, and what there is to say of it. */
export function answerText(verdict: Verdict): string {
	switch (verdict.kind) {
		case "passed":
			return `passed\n${linesOf(verdict.notes)}`;
		case "blocked":
			return `blocked\n${linesOf(verdict.findings.map((finding) => `blocked: ${findingText(finding)}`))}${linesOf(verdict.notes)}`;
		case "none":
			return `none\n${verdict.why.replaceAll(/\s+/g, " ").slice(0, 300)}\n`;
		default:
			return verdict satisfies never;
	}
}

function linesOf(texts: readonly string[]): string {
	return texts
		.slice(0, 12)
		.map((text) => `${text.replaceAll(/\s+/g, " ").slice(0, 300)}\n`)
		.join("");
}

/**
 * Answers `pre-receive`, one push after another, over HTTP on loopback. Each verdict is in the file `saidFile` before
 * anybody hears it.
 */
export function gateServer(
	gate: Judge,
	saidFile: string,
	reach: (step: string) => Promise<void> = async () => {},
): Server {
	const texts = new Map<string, string>();
	let last: Promise<unknown> = Promise.resolve();
	const judge = async (push: Push, fromMs: number): Promise<Verdict> => {
		await reach("asked");
		const env = {
			...(push.objects === "" ? {} : { GIT_OBJECT_DIRECTORY: push.objects }),
			...(push.alternates === "" ? {} : { GIT_ALTERNATE_OBJECT_DIRECTORIES: push.alternates }),
		};
		const repository = new Repository(push.repository, env, texts);
		const verdict = await gate.judge(repository, push.updates);
		await reach("judged");
		const tookMs = performance.now() - fromMs;
		const said: Said = {
			repository: repository.name,
			updates: push.updates,
			verdict: verdict.kind,
			findings:
				verdict.kind === "blocked"
					? verdict.findings.map((finding) => ({ ...finding, place: [...finding.place] }))
					: [],
			notes: verdict.kind === "none" ? [] : verdict.notes,
			tookMs,
		};
		appendFileSync(saidFile, `${JSON.stringify(said)}\n`);
		return verdict;
	};
	return createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("error", () => {});
		response.on("error", () => {});
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", () => {
			const push = request.method === "POST" ? pushOf(Buffer.concat(chunks).toString()) : null;
			if (push === null) return void response.writeHead(400).end("it is no push\n");
			const fromMs = performance.now();
			// One after another: what is let in is what main then is.
			const judged = last.then(() => judge(push, fromMs));
			last = judged.catch(() => {});
			judged.then(
				(verdict) => response.writeHead(200).end(answerText(verdict)),
				(error: unknown) => response.writeHead(500).end(String(error)),
			);
		});
	});
}

/** Has it listen on loopback, where `FLT_PORT` says, and tells that it does. */
export function listenOn(server: Server, port: number): void {
	server.listen(port, "127.0.0.1", () => {
		const address = server.address();
		const at = typeof address === "object" && address !== null ? address.port : 0;
		console.log(`FLT_READY ${JSON.stringify({ port: at })}`);
	});
}
