/** The role that the gate tries changes with, in a run's database: it owns nothing, and may make schemas. */
export function gateRole(database: string): { name: string; password: string } {
	// It guards nothing: the database is the run's own, listens on loopback, and is gone with the run.
	return { name: `${database}_gate`, password: "scratch" };
}

/** The URL of a database as that role. */
export function scratchUrl(url: string, database: string): string {
	const { name, password } = gateRole(database);
	const as = new URL(url);
	as.username = name;
	as.password = password;
	return as.href;
}
