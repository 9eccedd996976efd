import type {
	Bandwidth,
	Latency,
	LimitData,
	ResetPeer,
	Slicer,
	Slowclose,
	Timeout,
} from "toxiproxy-node-client/dist/Toxic.js";

interface Common {
	name: string;
	stream: "upstream" | "downstream";
	/** Share of the connections it acts on, drawn once per connection: 0 to 1. */
	toxicity: number;
}

/** A fault on the bytes of a proxy, as Toxiproxy spells it: milliseconds, except `rate` (KB/s) and a slicer's `delay` (µs). */
export type Toxic = Common &
	(
		| { type: "latency"; attributes: Latency }
		| { type: "timeout"; attributes: Timeout }
		| { type: "reset_peer"; attributes: ResetPeer }
		| { type: "bandwidth"; attributes: Bandwidth }
		| { type: "slow_close"; attributes: Slowclose }
		| { type: "slicer"; attributes: Slicer }
		| { type: "limit_data"; attributes: LimitData }
	);
