import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Home, writeDurably } from "../home/home.ts";

/** The file by which our Prometheus finds the daemon: to scrape it, and as the Alertmanager that it tells. */
export function prometheusTargets(home: Home): string {
	return join(home.data("prometheus"), "daemon.json");
}

/** Says where the daemon listens now; nothing where there never was a Prometheus of ours. */
export function tellPrometheus(home: Home, url: string): void {
	const file = prometheusTargets(home);
	if (!existsSync(dirname(file))) return;
	writeDurably(file, `${JSON.stringify([{ targets: [new URL(url).host] }])}\n`);
}
