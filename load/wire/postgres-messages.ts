import pg from "pg";

/** Messages of the extended query protocol (version 3), text formats throughout. */

const empty = Buffer.alloc(0);

function message(type: string, body: Buffer): Buffer {
	const whole = Buffer.allocUnsafe(5 + body.length);
	whole.write(type, "latin1");
	whole.writeInt32BE(4 + body.length, 1);
	body.copy(whole, 5);
	return whole;
}

const cString = (text: string) => Buffer.from(`${text}\0`);

export function parseMessage(name: string, text: string): Buffer {
	return message("P", Buffer.concat([cString(name), cString(text), Buffer.alloc(2)]));
}

/** Bind with values, Execute without a limit, Sync. */
export function runMessages(name: string, values: readonly (string | null)[]): Buffer {
	const parts = [Buffer.alloc(1), cString(name), Buffer.alloc(4)];
	parts[2]!.writeInt16BE(values.length, 2);
	for (const value of values) {
		const bytes = value === null ? empty : Buffer.from(value);
		const length = Buffer.allocUnsafe(4);
		length.writeInt32BE(value === null ? -1 : bytes.length);
		parts.push(length, bytes);
	}
	parts.push(Buffer.alloc(2));
	const execute = message("E", Buffer.alloc(5));
	return Buffer.concat([message("B", Buffer.concat(parts)), execute, syncMessage]);
}

export const syncMessage = message("S", empty);
export const terminateMessage = message("X", empty);

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
	return error;
}

/** The columns of a DataRow's body, as text. */
export function rowOf(body: Buffer): (string | null)[] {
	const row: (string | null)[] = [];
	let at = 2;
	for (let left = body.readInt16BE(0); left > 0; left--) {
		const length = body.readInt32BE(at);
		at += 4;
		row.push(length === -1 ? null : body.toString("utf8", at, at + length));
		if (length > 0) at += length;
	}
	return row;
}
