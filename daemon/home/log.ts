import { appendFileSync } from "node:fs";

export interface Log {
	line(text: string): void;
	/** A line that programs wait for, without time. */
	plain(text: string): void;
	/** From now on into this file: the dashboard has the terminal. */
	toFile(file: string): void;
	toTerminal(): void;
}

/** Log lines for people, each with its time; to the terminal until told otherwise. */
export function createLog(
	write: (text: string) => void = (text) => process.stdout.write(text),
): Log {
	let file: string | null = null;
	const put = (line: string) => {
		if (file === null) return write(line);
		try {
			appendFileSync(file, line, { mode: 0o600 });
		} catch {
			// A full disk must not end the daemon over a line of its log.
		}
	};
	return {
		line: (text) => put(`${new Date().toISOString().slice(11, 23)} ${text}\n`),
		plain: (text) => put(`${text}\n`),
		toFile(path) {
			file = path;
		},
		toTerminal() {
			file = null;
		},
	};
}
