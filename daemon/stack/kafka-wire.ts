import { peerOf, roundTrip } from "./wire.ts";

/**
 * The request, Metadata v1 for no topics:
 *   size:i32 key:i16=3 version:i16=1 correlation:i32 client:(i16 length, bytes) topics:i32=0
 */
function metadataRequest(client: string): Buffer {
	const name = Buffer.from(client);
	const head = Buffer.alloc(14);
	head.writeInt32BE(10 + name.length + 4, 0);
	head.writeInt16BE(3, 4);
	head.writeInt16BE(1, 6);
	head.writeInt16BE(name.length, 12);
	return Buffer.concat([head, name, Buffer.alloc(4)]);
}

/**
 * Asks a broker which brokers are in the cluster, and how many there are. A broker takes connections well before it
 * is let into its cluster; until then it knows of none, and that is an error here.
 */
export function askBrokers(address: string, limitMs: number): Promise<number> {
	return roundTrip(
		peerOf(address),
		metadataRequest("faultline"),
		(answer) => {
			if (answer.length < 4 || answer.length < 4 + answer.readInt32BE(0)) return null;
			const brokers = answer.readInt32BE(8);
			if (brokers < 1) throw new Error(`${address} answers, but its cluster has no broker yet`);
			return brokers;
		},
		limitMs,
	);
}
