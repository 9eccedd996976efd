import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** What the place of the user's cache depends on. */
export interface CachePlace {
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly platform: NodeJS.Platform;
	readonly userFolder: string;
}

/** The folder for all that Faultline fetches or makes and can have again, by the custom of the system. It may not be there. */
export function userCache({ env, platform, userFolder }: CachePlace): string {
	if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, "faultline");
	if (platform === "darwin") return join(userFolder, "Library", "Caches", "faultline");
	return join(userFolder, ".cache", "faultline");
}

/**
 * The cache folder of a process that has not read its settings yet: what `FAULTLINE_CACHE` says, else the user's. One that
 * a configuration file names is not known so early.
 */
export function earlyCache(): string {
	const { env, platform } = process;
	if (env.FAULTLINE_CACHE) return resolve(env.FAULTLINE_CACHE);
	return userCache({ env, platform, userFolder: homedir() });
}
