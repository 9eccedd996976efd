import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Test } from "tap";

const message = (type: string, body: Buffer = Buffer.alloc(0)): Buffer => {
	const length = Buffer.alloc(4);
	length.writeInt32BE(body.length + 4);
	return Buffer.concat([Buffer.from(type), length, body]);
};
const readyIn = (transaction: "I" | "T" | "E") => message("Z", Buffer.from(transaction));
const ready = readyIn("I");
const authenticated = Buffer.concat([message("R", Buffer.alloc(4)), ready]);

/** The server's answer to a statement that was done. */
export const done = Buffer.concat([message("C", Buffer.from("SELECT 1\0")), ready]);
/** The same in a transaction that goes on. */
export const doneWithin = Buffer.concat([message("C", Buffer.from("SELECT 1\0")), readyIn("T")]);
/** A row of two columns whose first is said to be a megabyte long, and has nothing: whoever reads it fails. */
export const emptyRow = message("D", Buffer.from([0, 2, 0, 16, 0, 0]));
/** The server waits for the data of a COPY FROM STDIN. */
export const copyIn = message("G", Buffer.from([0, 0, 0]));

/** An error as the server sends it; a FATAL one is the last that a session hears. */
export function refusal(
	severity: string,
	code: string,
	{ routine = "f", within = false }: { routine?: string; within?: boolean } = {},
): Buffer {
	const error = message("E", Buffer.from(`S${severity}\0C${code}\0Mno\0R${routine}\0\0`));
	return severity === "ERROR" ? Buffer.concat([error, readyIn(within ? "E" : "I")]) : error;
}

export interface FakePostgres {
	url: string;
	sessions: Set<Socket>;
	/** Statements received, and what ended a COPY. */
	received: string[];
	/** How often each statement was prepared. */
	prepared: Map<string, number>;
	close(): Promise<void>;
}

/** What a client sends that asks for TLS; this server has none. */
const sslRequest = 80_877_103;

/** Enough of a Postgres server for statements of both protocols: what it answers to each is up to `answer`. */
export async function fakePostgres(
	t: Test,
	answer: (statement: string, socket: Socket) => void,
): Promise<FakePostgres> {
	const sessions = new Set<Socket>();
	const received: string[] = [];
	const prepared = new Map<string, number>();
	const server = createServer((socket) => {
		sessions.add(socket);
		socket.on("close", () => sessions.delete(socket));
		socket.on("error", () => {});
		const names = new Map<string, string>();
		let bound: string | null = null;
		const tell = (statement: string) => {
			received.push(statement);
			answer(statement, socket);
		};
		const take = (type: string, body: Buffer) => {
			const [first = "", second = ""] = body.toString("utf8").split("\0");
			switch (type) {
				case "P":
					names.set(first, second);
					prepared.set(second, 1 + (prepared.get(second) ?? 0));
					socket.write(message("1"));
					break;
				case "B":
					bound = names.get(second) ?? "";
					break;
				case "f":
					received.push(`no copy: ${first}`);
					break;
				case "Q":
					tell(first);
					break;
				case "S":
					if (bound === null) socket.write(refusal("ERROR", "57014"));
					else tell(bound);
					bound = null;
					break;
			}
		};
		const begin = (first: Buffer) => {
			if (first.readInt32BE(4) === sslRequest) {
				socket.write("N");
				socket.once("data", begin);
				return;
			}
			socket.write(authenticated);
			socket.on("data", (bytes: Buffer) => {
				for (let at = 0; at < bytes.length; at += 1 + bytes.readInt32BE(at + 1))
					take(
						String.fromCharCode(bytes[at]!),
						bytes.subarray(at + 5, at + 1 + bytes.readInt32BE(at + 1)),
					);
			});
		};
		socket.once("data", begin);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
	const close = () =>
		new Promise<void>((resolve) => {
			server.close(() => resolve());
			for (const socket of sessions) socket.destroy();
		});
	t.teardown(close);
	const { port } = server.address() as AddressInfo;
	return { url: `postgres://me:secret@127.0.0.1:${port}/db`, sessions, received, prepared, close };
}
