import type { Finding } from "./findings.ts";
import { type Contract, readContract } from "./odcs.ts";
import type { SqlFile } from "./scratch.ts";
import { contractOf, type Entry, migrationOf, modelOf, settingOf } from "./tree.ts";

// What a gate reads of a repository: migrations, models and contracts, each by its folder.

export interface Package {
	/** In the order of their names, as they run. */
	migrations: SqlFile[];
	models: SqlFile[];
	/** By their file names. */
	contracts: Map<string, Contract>;
	/** What a dbt package has besides, by paths. */
	settings: SqlFile[];
	/** What of it is no contract. */
	findings: Finding[];
}

/** Whether a file is one that a gate opens. */
export function isRead(path: string): boolean {
	return [migrationOf, modelOf, contractOf, settingOf].some((nameOf) => nameOf(path) !== null);
}

/** The package that these files are. */
export function packageOf<File extends Pick<Entry, "path">>(
	files: readonly File[],
	text: (file: File) => string,
): Package {
	const named = (nameOf: (path: string) => string | null) =>
		files
			.flatMap((file) => {
				const name = nameOf(file.path);
				return name === null ? [] : [{ name, sql: text(file) }];
			})
			.sort((a, b) => (a.name < b.name ? -1 : 1));
	const contracts = new Map<string, Contract>();
	const findings: Finding[] = [];
	for (const { name, sql } of named(contractOf)) {
		const read = readContract(name, sql);
		if ("contract" in read) contracts.set(name, read.contract);
		else findings.push(...read.findings);
	}
	return {
		migrations: named(migrationOf),
		models: named(modelOf),
		settings: named(settingOf),
		contracts,
		findings,
	};
}

/** Those of the one that are not in the other: the migrations that a change adds. */
export function added({ migrations }: Package, before: Package): SqlFile[] {
	const names = new Set(before.migrations.map(({ name }) => name));
	return migrations.filter(({ name }) => !names.has(name));
}
