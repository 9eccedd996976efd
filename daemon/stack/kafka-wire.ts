import { brokersRequest, isWhole } from "../../chaos/kafka-wire.ts";
import { peerOf, roundTrip } from "./wire.ts";

/**
 * Asks a broker which brokers are in the cluster, and how many there are. A broker takes connections well before it
 * is let into its cluster; until then it knows of none, and that is an error here.
 */
export function askBrokers(address: string, limitMs: number): Promise<number> {
	return roundTrip(
		peerOf(address),
		brokersRequest,
		(answer) => {
			if (!isWhole(answer)) return null;
			const brokers = answer.readInt32BE(8);
			if (brokers < 1) throw new Error(`${address} answers, but its cluster has no broker yet`);
			return brokers;
		},
		limitMs,
	);
}
