import { variable } from "faultline/subject";
import type { Package } from "../../../subjects/gate/package.ts";
import { Scratch } from "../../../subjects/gate/scratch.ts";
import { scratchConnect, scratchUrl } from "../../../subjects/gate/scratch-database.ts";
import { Asking } from "./asking.ts";
import { DbtCompiler } from "./dbt-compiler.ts";
import type { Means, Members } from "./mesh-content.ts";
import { Publishing } from "./publishing.ts";

/** What a gate decides with, but the mains. */
export interface Databases extends Pick<Means, "members" | "publishing"> {
	asking: Asking;
	close(): Promise<void>;
}

interface Wanted {
	members: Members;
	patienceMs: number;
	/** What makes SQL of models: dbt, or the gate itself. */
	engine?: "sql" | "dbt";
	reach?: (step: string) => Promise<void>;
}

/**
 * The databases of a gate: one of each publisher's, and one of the consumers'. SCRATCH_URL_SALES is that of the domain sales,
 * SCRATCH_URL that of the consumers, and of domains that have none; of a run they are the run's, by a role of their own.
 */
export function meansOf({
	members,
	patienceMs,
	engine = "sql",
	reach = async () => {},
}: Wanted): Databases {
	const statementMs = Math.ceil(patienceMs / 2);
	const all: Scratch[] = [];
	const scratch = (url: string, name: string, step: string) => {
		const made = new Scratch(scratchConnect(url, patienceMs), statementMs, () => reach(step), name);
		all.push(made);
		return made;
	};
	const dbt = engine === "dbt" ? new DbtCompiler(process.cwd()) : null;
	dbt?.start();
	return {
		async close() {
			dbt?.close();
			await Promise.all(all.map((one) => one.close()));
		},
		members,
		publishing: new Map(
			members.publishers.map((domain) => [
				domain,
				new Publishing(
					scratch(databaseUrl(domain), `the database of ${domain}`, `${domain}-built`),
					...(dbt === null ? [] : [(one: Package) => dbt.rendered(one)]),
				),
			]),
		),
		asking: new Asking(
			scratch(databaseUrl(null), "the database of the consumers", ""),
			statementMs,
			reach,
		),
	};
}

/** Who is in the mesh, by the variables PUBLISHERS and CONSUMERS. */
export function membersOf(): Members {
	return {
		publishers: variable("PUBLISHERS").split(" "),
		consumers: variable("CONSUMERS").split(" "),
	};
}

/** Where a domain has its database, or the consumers theirs. */
function databaseUrl(domain: string | null): string {
	const upper = domain?.toUpperCase() ?? "";
	const given = process.env[`SCRATCH_URL_${upper}`] ?? process.env.SCRATCH_URL;
	if (given !== undefined) return given;
	const database = variable("FLT_DATABASE");
	const path = variable(domain === null ? "FLT_PATH_CONSUMERS_DB" : `FLT_PATH_${upper}_DB`);
	const url = new URL(scratchUrl(path, database));
	if (domain !== null) url.pathname = `/${domainDatabase(database, domain)}`;
	return url.href;
}

/** The database of a domain, in a run. */
export function domainDatabase(database: string, domain: string): string {
	return `${database}_${domain}`;
}
