import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import type { Environment } from "./document.ts";

/** What a run's timings depend on; hosts with the same fingerprint may be compared. */
export function environment(): Environment {
	const facts = {
		cpu: cpus()[0]?.model.trim() ?? "unknown",
		cores: availableParallelism(),
		memoryBytes: totalmem(),
		kernel: release(),
	};
	const text = JSON.stringify([facts, process.version]);
	return { fingerprint: createHash("sha256").update(text).digest("hex").slice(0, 16), ...facts };
}

let own: string | null = null;

/** Faultline's own version, from the package that runs. */
export function ownVersion(): string {
	if (own === null) {
		for (const up of ["../../package.json", "../../../package.json"]) {
			try {
				const text = readFileSync(new URL(up, import.meta.url), "utf8");
				own = (JSON.parse(text) as { version: string }).version;
				break;
			} catch {
				// In the built package the sources lie one folder deeper.
			}
		}
	}
	return own ?? "unknown";
}

export function versions(): Record<string, string> {
	return { faultline: ownVersion(), node: process.versions.node };
}
