import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, type ProcessIdentity } from "../../base/process.ts";
import { type Home, writeDurably } from "../home/home.ts";
import type { Launch } from "./service.ts";

/** What is kept of a service between two daemons: its ports, and its process while it runs. */
export interface ServiceRecord {
	ports: Record<string, number>;
	/** Null once it has been stopped. */
	process: ProcessIdentity | null;
	/** Of the launch; another one means another configuration. */
	fingerprint: string;
	version: string;
	/** `faultline stack up` has started it: only `stack down` ends it. */
	staysUp: boolean;
}

const none: ServiceRecord = {
	ports: {},
	process: null,
	fingerprint: "",
	version: "",
	staysUp: false,
};

/** The record of a service; an empty one where there is none, or where it can't be read. */
export function readRecord(home: Home, id: string): ServiceRecord {
	try {
		const text = readFileSync(fileOf(home, id), "utf8");
		return { ...none, ...(JSON.parse(text) as Partial<ServiceRecord>) };
	} catch {
		return none;
	}
}

export function writeRecord(home: Home, id: string, record: ServiceRecord): void {
	writeDurably(fileOf(home, id), `${JSON.stringify(record)}\n`);
}

/** The processes that `faultline stack up` has started, and that live. */
export function stayingUp(home: Home): ProcessIdentity[] {
	return readdirSync(home.services)
		.filter((name) => name.endsWith(".json"))
		.map((name) => readRecord(home, name.slice(0, -".json".length)))
		.flatMap(({ process, staysUp }) => (staysUp && process && isAlive(process) ? [process] : []));
}

function fileOf(home: Home, id: string): string {
	return join(home.services, `${id}.json`);
}

/** Equal for equal configurations: program, arguments, variables, configuration files, user. */
export function fingerprintOf(launch: Launch): string {
	const { file, args, variables, folder, configuration, user } = launch;
	const text = JSON.stringify([file, args, variables, folder, configuration, user]);
	return createHash("sha256").update(text).digest("hex");
}
