import { hold, type Row, run } from "../contest.ts";
import type { Part } from "../rig.ts";

const depths = [
	{ depth: 1, goal: 0.8 },
	{ depth: 16, goal: 0.4 },
];

export default {
	async run({ load, services, rounds, seconds }) {
		const { redis: url } = services();
		const port = new URL(url).port;
		const rows: Row[] = [];
		for (const { depth, goal } of depths) {
			const contest = {
				what: `Redis GET per second, 64 connections × ${depth} in flight`,
				unit: "/s",
				ours: {
					name: "redis-wire",
					async measure() {
						const inFlight = ["--connections", "64", "--in-flight", String(64 * depth)];
						const command = ["--command", "GET key"];
						return (await load(url, "--closed", ...inFlight, ...command)).achieved_per_sec;
					},
				},
				peers: [
					{
						name: `redis-benchmark -P ${depth}`,
						program: "redis-benchmark",
						goal,
						async measure() {
							const count = String(60_000 * depth * seconds);
							const options = ["-c", "64", "-P", String(depth), "-n", count, "-q", "-t", "get"];
							const { output } = await run(["redis-benchmark", "-p", port, ...options]);
							const found = [...output.matchAll(/GET: ([\d.]+) requests per second/g)].at(-1)?.[1];
							return found === undefined ? null : Number(found);
						},
					},
				],
			};
			rows.push(...(await hold(contest, rounds)));
		}
		return rows;
	},
} satisfies Part;
