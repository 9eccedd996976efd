import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Test } from "tap";

const message = (type: string, body: Buffer = Buffer.alloc(0)): Buffer => {
	const length = Buffer.alloc(4);
	length.writeInt32BE(body.length + 4);
	return Buffer.concat([Buffer.from(type), length, body]);
};
const ready = message("Z", Buffer.from("I"));
const authenticated = Buffer.concat([message("R", Buffer.alloc(4)), ready]);

/** The server's answer to a statement that was done. */
export const done = Buffer.concat([message("C", Buffer.from("SELECT 1\0")), ready]);

/** An error as the server sends it; a FATAL one is the last that a session hears. */
export function refusal(severity: string, code: string): Buffer {
	const error = message("E", Buffer.from(`S${severity}\0C${code}\0Mno\0\0`));
	return severity === "ERROR" ? Buffer.concat([error, ready]) : error;
}

export interface FakePostgres {
	url: string;
	sessions: Set<Socket>;
	/** Statements received. */
	received: string[];
	close(): Promise<void>;
}

/** Enough of a Postgres server for statements without values: what it answers to each is up to `answer`. */
export async function fakePostgres(
	t: Test,
	answer: (statement: string, socket: Socket) => void,
): Promise<FakePostgres> {
	const sessions = new Set<Socket>();
	const received: string[] = [];
	const server = createServer((socket) => {
		sessions.add(socket);
		socket.on("close", () => sessions.delete(socket));
		socket.on("error", () => {});
		socket.once("data", () => {
			socket.write(authenticated);
			socket.on("data", (bytes: Buffer) => {
				if (bytes[0] !== "Q".charCodeAt(0)) return;
				const statement = bytes.toString("utf8", 5, bytes.length - 1);
				received.push(statement);
				answer(statement, socket);
			});
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
	const close = () =>
		new Promise<void>((resolve) => {
			server.close(() => resolve());
			for (const socket of sessions) socket.destroy();
		});
	t.teardown(close);
	const { port } = server.address() as AddressInfo;
	return { url: `postgres://me:secret@127.0.0.1:${port}/db`, sessions, received, close };
}
