import { median, type Row } from "../contest.ts";
import { answeringServer, type Part } from "../rig.ts";

/** How far each may be from the arithmetic, in per cent. */
const goals = { mean: 5, p50: 12, p90: 3, p99: 3, max: 5 };

/** The server stops for 6 of 10 s: what is reported, over what arithmetic says. */
export default {
	async run({ load, quick }) {
		const seen = new Map<string, number[]>();
		for (let round = 0; round < (quick ? 1 : 3); round++) {
			const server = await answeringServer();
			const result = load(server.url, "--rate", "500", "--connections", "64", "--duration", "10s");
			await new Promise((resolve) => setTimeout(resolve, 2500));
			process.kill(server.pid, "SIGSTOP");
			const stopMs = performance.now();
			await new Promise((resolve) => setTimeout(resolve, 6000));
			process.kill(server.pid, "SIGCONT");
			const frozenMs = performance.now() - stopMs;
			const { response_us: us, dropped_count } = await result;
			server.end();
			if (dropped_count > 0) throw new Error(`${dropped_count} operations were dropped`);
			const should = {
				mean: frozenMs ** 2 / 20_000,
				p50: frozenMs - 5000,
				p90: frozenMs - 1000,
				p99: frozenMs - 100,
				max: frozenMs,
			};
			for (const name of Object.keys(goals) as (keyof typeof goals)[])
				seen.set(name, [...(seen.get(name) ?? []), (us[name] ?? Number.NaN) / 1000 / should[name]]);
		}
		return Object.entries(goals).map(
			([name, within]): Row => ({
				what: `freeze of 6 in 10 s, 500/s, 64 connections: ${name} (within ${within} %)`,
				unit: "",
				ours: "faultline load",
				peer: "arithmetic",
				goal: 1,
				oursMedian: null,
				peerMedian: null,
				ratio: median(seen.get(name) ?? []),
			}),
		);
	},
} satisfies Part;
