import { PassThrough } from "node:stream";
import { pause } from "../../base/clock.ts";
import { isAlive, isHeld, type ProcessIdentity } from "../../base/process.ts";
import { Probe, type ProbeConnection } from "../../chaos/probe.ts";

const lookEveryMs = 20;

/**
 * A probe of a process that listens nowhere: it answers as long as it lives and is not stopped. That it does its work is
 * not seen by it; a scenario whose subject has a port is told more.
 */
export function probeOfLife(identity: () => ProcessIdentity | null): Promise<Probe> {
	return Probe.of(async () => {
		const process = identity();
		if (process === null || !isAlive(process)) throw new Error("it does not run");
		return connectionTo(process);
	});
}

function connectionTo(process: ProcessIdentity): ProbeConnection {
	const socket = new PassThrough();
	return {
		socket,
		destroy: () => void socket.destroy(),
		async roundTrip() {
			for (;;) {
				if (!isAlive(process)) throw new Error("it has ended");
				if (!isHeld(process)) return;
				if (socket.destroyed) throw new Error("nobody asks any more");
				await pause(lookEveryMs);
			}
		},
	};
}
