import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Cache } from "../tools/cache.ts";
import { missing } from "../tools/component.ts";
import { onPath, runProgram } from "../tools/program.ts";

/** In the locale C, Java opens no file with a letter in its path that is not ASCII. */
export const javaLocale = { LC_ALL: "C.UTF-8" };

/** Java by `JAVA_HOME`, else on the PATH; null where there is none. */
export function javaOf(env: Cache["env"]): string | null {
	const own = env.JAVA_HOME && join(env.JAVA_HOME, "bin", "java");
	return own && existsSync(own) ? own : onPath(env, "java");
}

/** Throws `FLT_COMPONENT_MISSING` with `fix` where there is no Java, or only one that is too old for Kafka. */
export async function requireJava(cache: Cache, fix: string): Promise<void> {
	const java = javaOf(cache.env);
	if (java === null) throw missing("java was looked for in JAVA_HOME and on the PATH", fix);
	const { env, signal } = cache;
	const printed = await runProgram(java, ["-Xshare:auto", "-version"], {
		env,
		signal,
		limitMs: 10_000,
	});
	const release = Number(/version "(\d+)/.exec(printed)?.[1]);
	if (!(release >= 17)) throw missing(`${java} is version ${release}, Kafka 4 needs 17`, fix);
}

/**
 * With so few, whatever the optimising compiler and a collector with threads of its own do is taken from what is measured:
 * on two, a broker's start took 9.1 s of the processor (5.0 s without them), and for 40 s after each start half a core
 * was compiling: p95 of `sliding-windows` was 322 to 414 ms (141 to 227 ms). What it costs: a broker that has been under full
 * load for half a minute would take a quarter less for a request.
 */
const fewCores = 4;

/**
 * Java's options for a main class of the jars in a folder; the log level keeps only what matters. A tool that ends by itself
 * (`isShort`) compiles no more than what few cores allow, wherever it runs.
 */
export function javaArgs(
	libs: string,
	mainClass: string,
	{ heapMb = 512, isShort = false, cores = availableParallelism() } = {},
): string[] {
	return [
		...(isShort || cores <= fewCores ? ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"] : []),
		`-Xmx${heapMb}m`,
		"-Xshare:auto",
		"-XX:-UsePerfData",
		"-Djava.awt.headless=true",
		"-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
		"-Dorg.slf4j.simpleLogger.showDateTime=true",
		"-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS",
		"-cp",
		join(libs, "*"),
		mainClass,
	];
}

/** The text of a `.properties` file. */
export function propertiesText(
	properties: Readonly<Record<string, string | number | boolean>>,
): string {
	return Object.entries(properties)
		.map(([name, value]) => `${name}=${value}\n`)
		.join("");
}
