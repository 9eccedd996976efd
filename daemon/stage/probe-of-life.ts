import { PassThrough } from "node:stream";
import { pause } from "../../base/clock.ts";
import type { Endpoint } from "../../base/endpoint.ts";
import { isAlive, isHeld, type ProcessIdentity } from "../../base/process.ts";
import { connectorTo, Probe, type ProbeConnection } from "../../chaos/probe.ts";

const lookEveryMs = 20;

type IdentityNow = () => ProcessIdentity | null;

/**
 * A probe of a process that listens nowhere: it answers as long as it lives and is not stopped. That it does its work is
 * not seen by it; a scenario whose subject has a port is told more.
 */
export function probeOfLife(identity: IdentityNow): Promise<Probe> {
	return Probe.of(async () => {
		const process = identity();
		if (process === null || !isAlive(process)) throw new Error("it does not run");
		return connectionTo(process);
	});
}

/** A probe of the way to a process that can't be asked: a round trip goes along the way while the process can answer. */
export async function probeWithLife(way: Endpoint, identity: IdentityNow): Promise<Probe> {
	const connect = await connectorTo(way);
	return Probe.of(async () => {
		const connection = await connect();
		const process = identity();
		return {
			socket: connection.socket,
			destroy: () => connection.destroy(),
			async roundTrip(ask) {
				if (process !== null) await answering(process, () => connection.socket.destroyed);
				await connection.roundTrip(ask);
			},
		};
	});
}

function connectionTo(process: ProcessIdentity): ProbeConnection {
	const socket = new PassThrough();
	return {
		socket,
		destroy: () => void socket.destroy(),
		roundTrip: () => answering(process, () => socket.destroyed),
	};
}

/** Resolves when it could answer, and rejects when it never will, or nobody asks any more. */
async function answering(process: ProcessIdentity, isOver: () => boolean): Promise<void> {
	for (;;) {
		if (!isAlive(process)) throw new Error("it has ended");
		if (!isHeld(process)) return;
		if (isOver()) throw new Error("nobody asks any more");
		await pause(lookEveryMs);
	}
}
