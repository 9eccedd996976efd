import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pause } from "faultline/subject";
import { steps } from "./attempts.ts";

// The failure script by itself: starts a processor, and again and again holds it at a step of its next transaction, kills
// it there and starts it again, one step after another.
//
//   node strike.ts --times 20 -- node processor.ts
//
// It is reached by files in the folder FLT_CONTROLS, as a fault of the testbed reaches it: see docs/scenarios.md.

export interface StrikeOptions {
	command: readonly string[];
	steps: readonly string[];
	times: number;
	/** For how long it is left alone after each start, and after the last. */
	upMs: number;
	lastMs: number;
	say(message: string): void;
}

const order = "hold-at-step.json";

/** Resolves when it was killed so often, and the last one that was started has been ended. */
export async function strike({
	command,
	steps,
	times,
	upMs,
	lastMs,
	say,
}: StrikeOptions): Promise<void> {
	const controls = mkdtempSync(join(tmpdir(), "strike-"));
	const [program, ...args] = command;
	const start = () =>
		spawn(program!, args, {
			env: { ...process.env, FLT_CONTROLS: controls },
			stdio: ["ignore", "inherit", "inherit"],
		});
	let processor = start();
	try {
		for (let n = 0; n < times; n++) {
			await pause(upMs);
			const step = steps[n % steps.length]!;
			const text = JSON.stringify({ step, faultId: `strike-${n}` });
			// Written as a whole: nobody reads a part of it.
			writeFileSync(join(controls, ".draft"), text);
			renameSync(join(controls, ".draft"), join(controls, order));
			await standsAt(text);
			const over = new Promise((resolve) => processor.once("exit", resolve));
			processor.kill("SIGKILL");
			await over;
			for (const file of [order, `${order}.seen`]) rmSync(join(controls, file), { force: true });
			say(`killed at ${step}`);
			processor = start();
		}
		await pause(lastMs);
	} finally {
		processor.kill("SIGKILL");
		rmSync(controls, { recursive: true, force: true });
	}

	async function standsAt(text: string): Promise<void> {
		const seen = join(controls, `${order}.seen`);
		while (!existsSync(seen) || readFileSync(seen, "utf8") !== text) {
			if (processor.exitCode !== null)
				throw new Error(`${command.join(" ")} has ended by itself, with ${processor.exitCode}`);
			await pause(5);
		}
	}
}

if (import.meta.main) {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			times: { type: "string", default: String(2 * steps.length) },
			step: { type: "string", multiple: true, default: [...steps] },
			"up-ms": { type: "string", default: "1500" },
			"last-ms": { type: "string", default: "5000" },
		},
	});
	if (positionals.length === 0) {
		console.error(
			"node strike.ts [--times N] [--step NAME]… [--up-ms N] [--last-ms N] -- COMMAND ARGUMENT…",
		);
		process.exit(2);
	}
	await strike({
		command: positionals,
		steps: values.step,
		times: Number(values.times),
		upMs: Number(values["up-ms"]),
		lastMs: Number(values["last-ms"]),
		say: (message) => console.log(message),
	});
}
