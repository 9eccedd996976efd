import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";

/** A line of the log begins with it at each start of its subject. */
export const startMark = "# started as ";

/** What we say there, and what a subject says to us, tell nothing of its end. */
const ours = new RegExp(`^(${startMark}|FLT_READY )`);
const lastLineMax = 300;
const chunkBytes = 65_536;

/** The line that says most of why a program ended: its error's, else its last; null where the log is gone or says nothing. */
export function lastLineOf(file: string): string | null {
	const lines = textOf(file)
		.slice(-16_384)
		.split("\n")
		.filter((line) => /\S/.test(line) && !/^(\s+at |Node\.js v)/.test(line) && !ours.test(line));
	const said = lines.findLast((line) => /^\s*(Uncaught )?\w*(Error|Exception)\b/.test(line));
	return (said ?? lines.at(-1) ?? null)?.trim().slice(0, lastLineMax) ?? null;
}

/** All that is written to the log from now on, however often it is asked for; each byte is read once. */
export function saidFromNow(file: string): () => string {
	let at = statSync(file).size;
	const decoder = new TextDecoder();
	let text = "";
	return () => {
		let fd: number;
		try {
			fd = openSync(file, "r");
		} catch {
			return text; // a record may be removed while its subjects start
		}
		try {
			const chunk = Buffer.alloc(chunkBytes);
			for (;;) {
				const read = readSync(fd, chunk, 0, chunkBytes, at);
				if (read === 0) return text;
				at += read;
				text += decoder.decode(chunk.subarray(0, read), { stream: true });
			}
		} finally {
			closeSync(fd);
		}
	};
}

/** A record may be removed while its subjects end, and their end must not be the daemon's. */
function textOf(file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch {
		return "";
	}
}
