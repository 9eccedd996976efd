import { existsSync } from "node:fs";
import { monotonic } from "../../base/clock.ts";
import { type BlockOrder, blockOrders } from "./controls.ts";

const lookEveryMs = 20;
/** An order that is taken back ends the block after so long at most. */
const sliceMs = 5;

/** Keeps this process's event loop busy as the orders in the folder say. Does not keep the process alive. */
export function obeyBlocks(folder: string): void {
	/** When each order that is in its gap goes on. */
	const nextMs = new Map<string, number>();
	const look = () => {
		let waitMs = lookEveryMs;
		for (const [file, order] of blockOrders(folder)) {
			if (order.pid !== process.pid) continue;
			if (monotonicMs() >= (nextMs.get(file) ?? 0)) {
				block(file, order);
				nextMs.set(file, monotonicMs() + order.gapMs);
			}
			waitMs = Math.min(waitMs, Math.max(1, nextMs.get(file)! - monotonicMs()));
		}
		setTimeout(look, waitMs).unref();
	};
	setTimeout(look, lookEveryMs).unref();
}

/** Returns as soon as its time is over or the order is gone. */
function block(file: string, { busyMs, untilMs }: BlockOrder): void {
	const endMs = Math.min(untilMs, monotonicMs() + (busyMs ?? Number.POSITIVE_INFINITY));
	for (let nowMs = monotonicMs(); nowMs < endMs && existsSync(file); ) {
		const sliceEndMs = Math.min(endMs, nowMs + sliceMs);
		while (nowMs < sliceEndMs) nowMs = monotonicMs();
	}
}

/** The clock that the daemon and its subjects share. */
export function monotonicMs(): number {
	return Number(monotonic()) / 1e6;
}
