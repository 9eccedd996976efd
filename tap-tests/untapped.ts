/**
 * A command line that runs as a user would run it. Tap puts its own loader into the environment of every child, even
 * when the test gives another environment, so it has to be taken away on the far side of the spawn.
 */
export function untapped(command: string, ...args: string[]): [string, string[]] {
	return ["env", ["-u", "NODE_OPTIONS", command, ...args]];
}
