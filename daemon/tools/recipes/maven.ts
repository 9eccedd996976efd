import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Cache } from "../cache.ts";
import { missing } from "../component.ts";
import { digestOf } from "../digest.ts";
import { onPath, runProgram } from "../program.ts";
import type { Recipe } from "../tool.ts";
import { readJarLock, refuseOtherJars } from "./jar-lock.ts";

const plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1";

let queue: Promise<unknown> = Promise.resolve();

/** `group:artifact:version` of what is wanted; what it needs comes with it. */
export type Artifact = `${string}:${string}:${string}`;

/** Maven on the PATH; throws `FLT_COMPONENT_MISSING` with `fix` where there is none. */
export function requireMaven(cache: Cache, fix: string): void {
	if (onPath(cache.env, "mvn") === null) throw missing("mvn was looked for on the PATH", fix);
}

/**
 * Runs one goal of Maven's dependency plugin in `folder`. One after the other within this process: Maven 3 does not
 * guard its local repository against a second Maven, and both would fetch the same plugins.
 */
export function mavenCopy(
	cache: Cache,
	folder: string,
	goal: "copy" | "copy-dependencies",
	options: Readonly<Record<string, string>>,
): Promise<void> {
	const definitions = Object.entries(options).map(([name, value]) => `-D${name}=${value}`);
	const turn = queue.then(async () => {
		await runProgram("mvn", ["-q", "-B", `${plugin}:${goal}`, ...definitions], {
			cwd: folder,
			env: { ...cache.env, LC_ALL: "C.UTF-8" }, // in C, Java writes to no folder whose name is not ASCII
			signal: cache.signal,
			limitMs: 600_000,
		});
	});
	queue = turn.catch(() => {});
	return turn;
}

/** Copies the jars of these artifacts, with those they need, into a folder; `options` are more of the plugin's. */
export async function mavenJars(
	cache: Cache,
	folder: string,
	artifacts: readonly Artifact[],
	options: Readonly<Record<string, string>> = {},
): Promise<void> {
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "pom.xml"), pom(artifacts));
	await mavenCopy(cache, folder, "copy-dependencies", { outputDirectory: ".", ...options });
}

/** A project that is nothing but its dependencies. */
function pom(artifacts: readonly Artifact[]): string {
	const dependencies = artifacts.map((artifact) => {
		const [group, name, version] = artifact.split(":");
		return `\t\t<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
	});
	return `<project xmlns="http://maven.apache.org/POM/4.0.0">
	<modelVersion>4.0.0</modelVersion>
	<groupId>faultline</groupId><artifactId>jars</artifactId><version>1</version><packaging>pom</packaging>
	<dependencies>
${dependencies.join("\n")}
	</dependencies>
</project>
`;
}

/** Which jars: artifacts with what they need, as their projects say; or those of a lock, each by its digest. */
type Jars = { artifacts: readonly Artifact[]; lock?: never } | { lock: URL; artifacts?: never };

/**
 * Jars from Maven Central, and beside them what runs something with these: of `files` a script `NAME.sh` is a program NAME.
 * Java, Maven and what else of the JDK is wanted are there, or it is lacking.
 */
export function mavenTool({
	artifacts,
	lock,
	files = [],
	setUp,
	wants = ["java"],
	sizeMb,
	typicalSeconds,
}: Jars & {
	files?: readonly URL[];
	/** One of the programs with its arguments, which is run when all is there. */
	setUp?: readonly [program: string, ...args: string[]];
	wants?: readonly ("java" | "javac")[];
	sizeMb: number;
	typicalSeconds: number;
}): Recipe {
	const wanted = [...wants, "mvn"];
	const paths = files.map((url) => fileURLToPath(url));
	const locked = lock === undefined ? null : readJarLock(readFileSync(fileURLToPath(lock), "utf8"));
	const jars = artifacts ?? locked!.map(({ artifact }) => artifact);
	const digests = locked?.map(({ sha256 }) => sha256) ?? [];
	return {
		from: "Maven Central",
		sizeMb,
		typicalSeconds,
		digest: digestOf(...jars, ...digests, ...paths.map((path) => readFileSync(path, "utf8"))),
		bin: ".",
		lacks(env) {
			const lacking = wanted.filter((program) => onPath(env, program) === null);
			if (lacking.length === 0) return null;
			return {
				tried: `${lacking.join(" and ")} on the PATH`,
				fix: "install a JDK 17 or later and Maven (apt-get install default-jdk-headless maven)",
			};
		},
		async build(cache, draft) {
			if (locked === null) await mavenJars(cache, draft, jars);
			else {
				await mavenJars(cache, draft, jars, { excludeTransitive: "true" });
				refuseOtherJars(draft, locked);
			}
			for (const path of paths) {
				const isProgram = path.endsWith(".sh");
				const copy = join(draft, basename(path, ".sh"));
				copyFileSync(path, copy);
				chmodSync(copy, isProgram ? 0o755 : 0o644);
			}
			if (setUp === undefined) return;
			const [program, ...args] = setUp;
			const { env, signal } = cache;
			await runProgram(join(draft, program), args, { cwd: draft, env, signal, limitMs: 300_000 });
		},
	};
}
