import type { FastifyReply, FastifyRequest } from "fastify";
import { FaultlineError } from "../../base/errors.ts";
import { everyAnswer } from "./guards.ts";

const heartbeatMs = 15_000;
/** Heartbeats that a reader may be silent through: a terminal that is stopped comes back. */
const silentMax = 8;

/** One event, as it goes out. */
export interface SentEvent {
	id: number;
	type: string;
}

/** Where a stream's events come from, one after the other, as fast as its reader takes them. */
export interface EventSource {
	/** The next one; null where there is none yet. */
	next(): SentEvent | null;
	/** Says that no more will come. */
	isOver(): boolean;
	/** Calls back when there may be more; the returned function is called once, when the stream has ended. */
	follow(wake: () => void): () => void;
}

/**
 * The streams of server-sent events that are open, a bounded number of them. A reader that does not read holds back
 * its own stream alone: nothing is put aside for it beyond what its connection takes.
 */
export class EventStreams {
	readonly #countMax: number;
	#count = 0;

	constructor(countMax = 32) {
		this.#countMax = countMax;
	}

	/** Refuses one too many (`FLT_BUSY`). Before a source is made: that may be a whole record. */
	checkRoom(): void {
		if (this.#count < this.#countMax) return;
		throw new FaultlineError(
			"FLT_BUSY",
			`${this.#count} event streams are open, the most there may be`,
			"close one of them, or ask for the record from time to time",
		);
	}

	/** Takes the reply over as a stream of what the source has. */
	open(request: FastifyRequest, reply: FastifyReply, source: EventSource): void {
		this.#count += 1;
		reply.hijack();
		const { raw } = reply;
		raw.writeHead(200, {
			...everyAnswer,
			"content-type": "text/event-stream",
			connection: "keep-alive",
		});
		let silent = 0;
		let isOpen = true;
		const pump = () => {
			silent = 0;
			while (isOpen && !raw.writableNeedDrain) {
				const event = source.next();
				if (event !== null) {
					const { id, type } = event;
					raw.write(`id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(event)}\n\n`);
				} else {
					if (source.isOver()) end(() => raw.end());
					return;
				}
			}
		};
		// Proxies and clients give up on a silent connection.
		const heartbeat = setInterval(() => {
			if (!raw.writableNeedDrain) raw.write(": \n\n");
			else if (++silent > silentMax) end(() => raw.destroy());
		}, heartbeatMs);
		const end = (close: () => void) => {
			if (!isOpen) return;
			isOpen = false;
			this.#count -= 1;
			clearInterval(heartbeat);
			leave();
			close();
		};
		const gone = () => end(() => {});
		request.raw.on("close", gone);
		raw.on("close", gone);
		raw.on("error", gone);
		raw.on("drain", pump);
		raw.write(": faultline\n\n");
		const leave = source.follow(pump);
		pump();
	}
}
