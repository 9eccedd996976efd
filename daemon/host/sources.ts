import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";

const isSource = /\.(ts|js|sql|py|java|json|ya?ml)$/;

/**
 * The sources that are part of a scenario or suite: those in its folder, and in the folders in there that hold none of
 * their own. Paths from its folder, sorted.
 */
export function sourcesOf(scenarioFile: string): string[] {
	const folder = dirname(scenarioFile);
	const entries = readdirSync(folder, { withFileTypes: true });
	const helpers = entries
		// A scenario may lie in the root of somebody's project.
		.filter((entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name))
		.flatMap(({ name }) => {
			const files = filesIn(readdirSync(join(folder, name), { withFileTypes: true }));
			return files.some((file) => /\.(scenario|suite)\.[tj]s$/.test(file))
				? []
				: files.map((file) => join(name, file));
		});
	return [...filesIn(entries), ...helpers].filter((file) => isSource.test(file)).sort();
}

function filesIn(entries: { name: string; isFile(): boolean }[]): string[] {
	return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : []));
}
