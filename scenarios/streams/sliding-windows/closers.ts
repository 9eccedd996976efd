import type { KafkaMessage } from "faultline";
import type { P } from "./params.ts";
import { encode } from "./purchase.ts";
import { closerPrefix, type PurchaseStream } from "./purchases.ts";
import { paneMs, windowKinds } from "./windows.ts";

// How a run's stream ends: a message on each partition says that it is much later now, so that every window is over. The
// partition that is quiet now and then is told nothing: it has to find out by itself.

const longestMs = Math.max(...windowKinds.map(({ sizeMs }) => sizeMs));

/** When every window of the first `count` messages is over on every partition, by its watermark. */
export function allOverMs(
	{ aheadMs }: Pick<P, "aheadMs">,
	purchases: PurchaseStream,
	count: number,
): number {
	return purchases.nominalMs(count) + aheadMs + longestMs + paneMs;
}

export function closersOf(
	p: Pick<P, "aheadMs" | "delayMsMax" | "skewMs">,
	purchases: PurchaseStream,
	count: number,
): KafkaMessage[] {
	const atMs = allOverMs(p, purchases, count) + p.delayMsMax + p.skewMs;
	return [...purchases.usedPartitions]
		.filter((partition) => partition !== purchases.quietPartition)
		.map((partition) => {
			const name = `${closerPrefix}${partition}`;
			const said = { id: name, user: name, cents: 0, atMs, receivedMs: atMs, sentAtMs: null };
			return { key: Buffer.from(name), value: encode(said), partition };
		});
}
