import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Row } from "../contest.ts";
import { answeringServer, type Part } from "../rig.ts";

const cli = fileURLToPath(new URL("../../../daemon/cli/main.ts", import.meta.url));
const minutes = 10;

/** Resident memory of a run of ten minutes, in its second and in its last minute. */
export default {
	onRequest: true,
	async run() {
		const server = await answeringServer();
		const args = ["load", server.url, "--rate", "5000", "--duration", `${minutes}m`, "--quiet"];
		const child = spawn(process.execPath, ["--no-warnings", cli, ...args], { stdio: "ignore" });
		const residentMb: number[] = [];
		const sampling = setInterval(() => {
			const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
			residentMb.push(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
		}, 1000);
		child.once("exit", () => clearInterval(sampling));
		await new Promise((resolve) => child.once("close", resolve));
		server.end();
		const meanOf = (minute: number) => {
			const part = residentMb.slice(minute * 60, minute * 60 + 60);
			return part.reduce((sum, mb) => sum + mb, 0) / part.length;
		};
		const [early, late] = [meanOf(1), meanOf(minutes - 2)];
		const row: Row = {
			what: `resident memory over ${minutes} minutes at 5,000/s: ninth minute over the second`,
			unit: " MB",
			ours: "ninth",
			peer: "second",
			goal: 1,
			oursMedian: late,
			peerMedian: early,
			ratio: late / early,
		};
		return [row];
	},
} satisfies Part;
