import { Worker } from "node:worker_threads";
import { entryUrl } from "../base/entry.ts";
import type { HostPause } from "./host-pauses.ts";
import type { WatcherMessage } from "./host-watcher.ts";

/** Watches for pauses of the host from a thread of its own; resolves once it ticks, with the way to end it. */
export function watchHost(onPause: (pause: HostPause) => void): Promise<() => Promise<void>> {
	const watcher = new Worker(entryUrl("./host-watcher.ts", import.meta.url));
	return new Promise((resolve, reject) => {
		watcher.once("error", reject);
		watcher.on("message", (message: WatcherMessage) => {
			switch (message.kind) {
				case "pause":
					onPause(message.pause);
					return;
				case "ticking":
					// From here on it is no reason for the process to go on.
					watcher.unref();
					resolve(async () => {
						await watcher.terminate();
					});
					return;
				default:
					message satisfies never;
			}
		});
	});
}
