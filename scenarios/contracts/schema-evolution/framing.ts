// How a message says which schema it was written with: a zero byte, the schema's id in four, and the value.

/** The topic, without the run's prefix. */
export const topicName = "orders";

const headBytes = 5;

export function framed(id: number, value: Buffer): Buffer {
	const head = Buffer.alloc(headBytes);
	head.writeUInt32BE(id, 1);
	return Buffer.concat([head, value]);
}

/** Null where it is no such message. */
export function unframed(message: Buffer): { id: number; value: Buffer } | null {
	if (message.length < headBytes || message[0] !== 0) return null;
	return { id: message.readUInt32BE(1), value: message.subarray(headBytes) };
}
