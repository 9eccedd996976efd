import pg from "pg";

/**
 * Messages of the extended query protocol (version 3), text formats throughout. Each is a string of one byte a
 * character, written as `latin1`: putting one together out of Buffers would make a dozen of them an operation.
 */

const int16 = (n: number) => String.fromCharCode((n >> 8) & 255, n & 255);
const int32 = (n: number) =>
	String.fromCharCode((n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);

/** The UTF-8 bytes of a text, one a character. */
function bytesOf(text: string): string {
	for (let at = 0; at < text.length; at++)
		if (text.charCodeAt(at) > 127) return Buffer.from(text).toString("latin1");
	return text;
}

const message = (type: string, body: string) => type + int32(4 + body.length) + body;

export function parseMessage(name: string, text: string): string {
	return message("P", `${bytesOf(name)}\0${bytesOf(text)}\0\0\0`);
}

/** Forgets a statement, also one that there is not. */
export function closeMessage(name: string): string {
	return message("C", `S${bytesOf(name)}\0`);
}

/** A statement of the simple protocol. */
export function queryMessage(text: string): string {
	return message("Q", `${bytesOf(text)}\0`);
}

/** Gives a COPY FROM STDIN up, with a Sync: the server passes over the one that came before. */
export function copyFailMessages(reason: string): string {
	return message("f", `${bytesOf(reason)}\0`) + syncMessage;
}

const executeMessage = message("E", "\0\0\0\0\0");
const syncMessage = message("S", "");
export const terminateMessage = message("X", "");
const executeAndSync = executeMessage + syncMessage;

/** Bind with values, Execute without a limit, Sync. */
export function runMessages(name: string, values: readonly (string | null)[]): string {
	let body = `\0${bytesOf(name)}\0\0\0${int16(values.length)}`;
	for (const value of values) {
		const bytes = value === null ? "" : bytesOf(value);
		body += int32(value === null ? -1 : bytes.length) + bytes;
	}
	return `${message("B", `${body}\0\0`)}${executeAndSync}`;
}

/** The fields of an ErrorResponse's body, as `pg` would throw them. */
export function errorOf(body: Buffer): pg.DatabaseError {
	const fields = new Map<string, string>();
	for (let at = 0; at < body.length && body[at] !== 0; ) {
		const end = body.indexOf(0, at + 1);
		fields.set(String.fromCharCode(body[at]!), body.toString("utf8", at + 1, end));
		at = end + 1;
	}
	const error = new pg.DatabaseError(fields.get("M") ?? "error", body.length, "error");
	error.code = fields.get("C");
	// "V" is the severity that is in no language; a server before 9.6 has "S" alone.
	error.severity = fields.get("V") ?? fields.get("S");
	error.detail = fields.get("D");
	error.hint = fields.get("H");
	error.routine = fields.get("R");
	return error;
}

/** The columns of the DataRow whose body begins at `start`, as text. */
export function rowOf(bytes: Buffer, start: number): (string | null)[] {
	const row: (string | null)[] = [];
	let at = start + 2;
	for (let left = bytes.readInt16BE(start); left > 0; left--) {
		const length = bytes.readInt32BE(at);
		at += 4;
		row.push(length === -1 ? null : bytes.toString("utf8", at, at + length));
		if (length > 0) at += length;
	}
	return row;
}
