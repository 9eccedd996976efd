import { type ChildProcess, spawn } from "node:child_process";
import { cpus } from "node:os";

/** What else the machine does while verdicts are counted. */
export const noises = ["idle", "one loop", "a loop a core", "two loops a core", "bursts"] as const;
export type Noise = (typeof noises)[number];

const loop = "for (;;);";
/** Half a second of work, half a second of rest, on its own clock. */
const burst =
	"const burn = () => { const until = Date.now() + 500; while (Date.now() < until); setTimeout(burn, 500); }; burn();";

/** Makes it, in processes of sessions of their own; ends them by their pids. */
export function make(noise: Noise): () => void {
	const made = programsOf(noise).map((program) =>
		spawn(process.execPath, ["-e", program], { detached: true, stdio: "ignore" }),
	);
	return () => made.forEach(end);
}

function programsOf(noise: Noise): string[] {
	const cores = cpus().length;
	const times = (count: number, program: string) => Array.from({ length: count }, () => program);
	switch (noise) {
		case "idle":
			return [];
		case "one loop":
			return [loop];
		case "a loop a core":
			return times(cores, loop);
		case "two loops a core":
			return times(2 * cores, loop);
		case "bursts":
			return times(cores, burst);
		default:
			return noise satisfies never;
	}
}

function end(child: ChildProcess): void {
	child.kill("SIGKILL");
}
