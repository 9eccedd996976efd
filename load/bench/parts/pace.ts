import type { Row } from "../contest.ts";
import { answeringServer, type Part } from "../rig.ts";

/** How late the loop is at half of its maximum, and what it takes of the processor when there is little to do. */
export default {
	async run({ load }) {
		const server = await answeringServer();
		const connections = ["--connections", "64"];
		try {
			const max = await load(server.url, "--closed", ...connections);
			const half = String(Math.round((max.achieved_per_sec ?? Number.NaN) / 2));
			const paced = await load(server.url, "--rate", half, "--warmup", "2s", ...connections);
			const start = await load(server.url, "--rate", "1", "--duration", "1s", ...connections);
			const idle = await load(server.url, "--rate", "100", "--duration", "21s", ...connections);
			const lagMs = (paced.schedule_lag_us.p99 ?? Number.NaN) / 1000;
			const idlePct = (100 * (idle.cpu_s - start.cpu_s)) / 20;
			const row = (what: string, unit: string, ours: number, goal: number | null): Row => ({
				what,
				unit,
				ours: "faultline load",
				peer: "goal",
				oursMedian: ours,
				peerMedian: goal,
				ratio: goal === null ? null : ours / goal,
				goal: goal === null ? null : 1,
			});
			return [
				row(`schedule lag p99 at ${half}/s, half of the maximum (at most)`, " ms", lagMs, 1.5),
				row("processor at 100/s, of one core", " %", idlePct, null),
				row("processor time of the start alone", " CPU-s", start.cpu_s, null),
			];
		} finally {
			server.end();
		}
	},
} satisfies Part;
