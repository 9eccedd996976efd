import { hold, type Row, run } from "../contest.ts";
import { figureOf, type Part, perCpuS } from "../rig.ts";

const select = ["--query", "select abalance from pgbench_accounts where aid = $1"];
const value = ["--value", "{random(1,100000)}"];

export default {
	async run({ load, services, rounds, seconds }) {
		const { postgres: url } = services();
		const at = new URL(url);
		const connect = ["-h", at.hostname, "-p", at.port, "-U", at.username || "postgres"];
		const database = at.pathname.slice(1) || "postgres";
		await run(["pgbench", "-i", "-q", ...connect, database]);
		const ours = (driver: string) => ({
			name: driver,
			measure: async () => {
				const closed = ["--closed", "--connections", "8", "--driver", driver];
				return perCpuS(await load(url, ...closed, ...select, ...value));
			},
		});
		const pgbench = (goal: number) => ({
			name: "pgbench -S -M prepared",
			program: "pgbench",
			goal,
			async measure() {
				const options = ["-S", "-M", "prepared", "-c", "8", "-j", "1", "-T", String(seconds)];
				const { output, cpuS } = await run(["pgbench", ...options, ...connect, database]);
				const found = /transactions actually processed: (\d+)/.exec(output)?.[1];
				return found === undefined ? null : Number(found) / cpuS;
			},
		});
		const bare = {
			name: "a bare loop on pg",
			program: "node",
			goal: null,
			measure: () => figureOf("bare-pg", url, String(seconds)),
		};
		const what = "Postgres point selects per client CPU-second, 8 connections, prepared";
		const contests = [
			{ ours: ours("postgres"), peers: [pgbench(0.3), bare] },
			{ ours: ours("postgres-wire"), peers: [pgbench(0.7)] },
		];
		const rows: Row[] = [];
		for (const contest of contests)
			rows.push(...(await hold({ what, unit: "/CPU-s", ...contest }, rounds)));
		return rows;
	},
} satisfies Part;
