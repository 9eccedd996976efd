import { hostPortOf } from "../../base/host-port.ts";
import { brokersIn, brokersRequest } from "../../base/kafka-metadata.ts";
import { isWhole } from "../../base/kafka-protocol.ts";
import { roundTrip } from "./wire.ts";

/**
 * Asks a broker which brokers are in its cluster: host:port of each. A broker takes connections well before it is let
 * in, and until one is, the cluster has none: that is an error here.
 */
export function askBrokers(address: string, limitMs: number): Promise<string[]> {
	return roundTrip(
		hostPortOf(address),
		brokersRequest,
		(answer) => {
			if (!isWhole(answer)) return null;
			const brokers = brokersIn(answer);
			if (brokers.length === 0)
				throw new Error(`${address} answers, but its cluster has no broker yet`);
			return brokers;
		},
		limitMs,
	);
}
