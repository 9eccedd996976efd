import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Home, writeDurably } from "../home/home.ts";

/** The file by which our Prometheus finds the daemon: to scrape it, and as the Alertmanager that it tells. */
export function prometheusTargets(home: Home): string {
	return join(home.data("prometheus"), "daemon.json");
}

/** The same of a daemon that listens already, where a Prometheus is started on demand. */
export function findDaemonFor(home: Home): void {
	try {
		const { url } = JSON.parse(readFileSync(home.daemonFile, "utf8")) as { url: string };
		tellPrometheus(home, url);
	} catch {
		// None listens yet: it will say where.
	}
}

/** Says where the daemon listens now; nothing where there never was a Prometheus of ours. */
export function tellPrometheus(home: Home, url: string): void {
	const file = prometheusTargets(home);
	if (!existsSync(dirname(file))) return;
	writeDurably(file, `${JSON.stringify([{ targets: [new URL(url).host] }])}\n`);
}
