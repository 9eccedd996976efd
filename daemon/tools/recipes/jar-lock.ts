import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A jar of Maven Central, and the SHA-256 that it has to have. */
export interface LockedJar {
	artifact: `${string}:${string}:${string}`;
	sha256: string;
}

/** The lines of a lock, `group:artifact:version sha256`; one that begins with `#` is for people. */
export function readJarLock(text: string): LockedJar[] {
	const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
	return lines.map((line) => {
		const match = /^([^\s:]+):([^\s:]+):([^\s:]+) ([0-9a-f]{64})$/.exec(line);
		if (match === null)
			throw new Error(
				`a line of a lock is group:artifact:version and a SHA-256, but one is "${line}"`,
			);
		const [, group, name, version, sha256] = match;
		return { artifact: `${group}:${name}:${version}`, sha256: sha256! };
	});
}

/** Throws where a jar of the lock is not in the folder as it was locked. */
export function refuseOtherJars(folder: string, locked: readonly LockedJar[]): void {
	for (const { artifact, sha256 } of locked) {
		const [, name, version] = artifact.split(":");
		const jar = `${name}-${version}.jar`;
		const bytes = readFileSync(join(folder, jar));
		const seen = createHash("sha256").update(bytes).digest("hex");
		if (seen !== sha256)
			throw new Error(`${jar} is not what was locked: its SHA-256 is ${seen}, not ${sha256}`);
	}
}
