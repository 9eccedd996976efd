import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import t from "tap";
import { pause } from "../../../../../base/clock.ts";
import {
	holdControl,
	holdSeen,
	putControl,
	readControl,
	removeControl,
} from "../../../../../chaos/subject/controls.ts";
import { untapped } from "../../../../untapped.ts";
import { flinkEnv, flinkRun, skip } from "./replay.ts";

// A program in Java is held at its steps by the same files as one in Node.

const stepped = flinkRun("tap-tests/scenarios/subjects/streams/flink/Stepped.java");

t.setTimeout(60_000);
t.test(
	"it stands where it is told, says at which order, and goes on when that is gone",
	{ skip },
	async (t) => {
		const folder = t.testdir({ controls: {}, work: {} });
		const controls = join(folder, "controls");
		const [program, ...args] = stepped;
		const child = spawn(...untapped(program!, ...args), {
			cwd: join(folder, "work"),
			stdio: ["ignore", "ignore", "inherit"],
			env: flinkEnv({ FLT_CONTROLS: controls }),
		});
		t.teardown(async () => {
			child.kill("SIGKILL");
			await once(child, "exit");
		});
		const saysSoon = async (wanted: string) => {
			while (readControl(controls, holdSeen) !== wanted) {
				if (child.exitCode !== null) throw new Error(`it has ended with ${child.exitCode}`);
				await pause(5);
			}
		};
		for (const order of [
			{ step: "before-write", faultId: "one" },
			{ step: "before-write", faultId: "two" },
			{ step: "after-commit", faultId: "three" },
		]) {
			const text = JSON.stringify(order);
			putControl(controls, holdControl, text);
			await saysSoon(text);
		}
		removeControl(controls, holdControl);
		await saysSoon("");
		for (const other of ["no JSON", JSON.stringify({ step: "no such step", faultId: "four" })]) {
			putControl(controls, holdControl, other);
			await pause(50);
			t.equal(readControl(controls, holdSeen), "", "what is not for it holds it nowhere");
		}
	},
);
