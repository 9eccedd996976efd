import type { FastifyReply, FastifyRequest } from "fastify";
import { everyAnswer } from "./guards.ts";

const heartbeatMs = 15_000;

export interface EventStream {
	send(id: number, type: string, data: unknown): void;
	/** Ends the stream from our side; any number of times. */
	close(): void;
	/** Called once, when either side has ended it. */
	onClose(action: () => void): void;
}

/** Takes the reply over as a stream of server-sent events. */
export function openStream(request: FastifyRequest, reply: FastifyReply): EventStream {
	reply.hijack();
	const { raw } = reply;
	raw.writeHead(200, {
		...everyAnswer,
		"content-type": "text/event-stream",
		connection: "keep-alive",
	});
	raw.write(": faultline\n\n");
	// Proxies and clients give up on a silent connection.
	const heartbeat = setInterval(() => raw.write(": \n\n"), heartbeatMs);
	const actions: (() => void)[] = [];
	let open = true;
	const end = () => {
		if (!open) return;
		open = false;
		clearInterval(heartbeat);
		for (const action of actions) action();
	};
	request.raw.on("close", end);
	raw.on("error", end);
	return {
		send(id, type, data) {
			if (open) raw.write(`id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
		},
		close() {
			end();
			raw.end();
		},
		onClose(action) {
			if (open) actions.push(action);
			else action();
		},
	};
}
