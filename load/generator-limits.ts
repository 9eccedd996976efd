import { openFilesMax } from "./file-limit.ts";
import type { LoadSummary } from "./summary.ts";

/** Errors of connecting that say what this machine, or this process, ran out of: the target never saw those operations. */
const limits = {
	EMFILE: "this process may open no more files",
	ENFILE: "this machine may open no more files",
	EADDRNOTAVAIL: "this machine has no more ports for connections to the target",
	ENOBUFS: "this machine has no more memory for sockets",
} as const;

const remedies: Record<keyof typeof limits, string> = {
	EMFILE: "raise it with ulimit -n, or take fewer connections",
	ENFILE: "raise fs.file-max, or take fewer connections",
	EADDRNOTAVAIL: "widen net.ipv4.ip_local_port_range, or have the target keep its connections open",
	ENOBUFS: "take fewer connections",
};

const codes = Object.keys(limits) as (keyof typeof limits)[];

/** What the generator ran out of in this load, in words; null where it did not. */
export function generatorLimit({ errors }: Pick<LoadSummary, "errors">): string | null {
	const met = codes.filter((code) => (errors[code] ?? 0) > 0);
	if (met.length === 0) return null;
	return met
		.map((code) => {
			const max = code === "EMFILE" ? openFilesMax() : null;
			const than = max === null ? "" : ` than ${max}`;
			return `${errors[code]} operations found no connection (${code}): ${limits[code]}${than}; ${remedies[code]}`;
		})
		.join("; ");
}

/** Whether all that went wrong is the generator's. */
export function isAllTheGenerators({ errors }: Pick<LoadSummary, "errors">): boolean {
	const seen = Object.keys(errors);
	return seen.length > 0 && seen.every((code) => codes.some((known) => known === code));
}
