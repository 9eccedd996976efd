import type { Socket } from "node:net";
import type { Ask } from "./probe.ts";

/** A probe is a client among others: it does not ask for ever where answers are small. */
const requestsMax = 500;

/**
 * Makes small round trips one after another until they have carried what was asked, at most 500: for protocols
 * whose requests and answers have no size of our choice. `socket` is that of the last one.
 */
export async function repeatUntilCarried(
	ask: Ask,
	socket: () => Pick<Socket, "bytesRead" | "bytesWritten">,
	roundTrip: () => Promise<unknown>,
): Promise<void> {
	let [sent, received] = [0, 0];
	for (let requests = 0; requests < requestsMax; requests++) {
		const before = socket();
		const { bytesWritten, bytesRead } = before;
		await roundTrip();
		const after = socket();
		sent += after.bytesWritten - (after === before ? bytesWritten : 0);
		received += after.bytesRead - (after === before ? bytesRead : 0);
		if (sent >= (ask.sentBytes ?? 0) && received >= (ask.receivedBytes ?? 0)) return;
	}
}
