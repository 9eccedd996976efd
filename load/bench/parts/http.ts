import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hold, run } from "../contest.ts";
import { answeringServer, figureOf, type Part, perCpuS } from "../rig.ts";

export default {
	async run({ load, rounds, seconds }) {
		const server = await answeringServer();
		const { url } = server;
		const s = String(seconds);
		const peer = async (command: string[], count: RegExp) => {
			const { output, cpuS } = await run(command);
			const found = count.exec(output)?.[1];
			return found === undefined ? null : Number(found) / cpuS;
		};
		const folder = mkdtempSync(join(tmpdir(), "faultline-bench-"));
		const script = join(folder, "k6.js");
		writeFileSync(
			script,
			`import http from "k6/http"; export const options = { vus: 64, duration: "${s}s" }; export default () => { http.get("${url}"); };`,
		);
		const attack = `echo GET ${url} | vegeta attack -rate 0 -max-workers 64 -workers 64 -duration ${s}s | vegeta report`;
		try {
			return await hold(
				{
					what: "HTTP requests per client CPU-second, 64 connections",
					unit: "/CPU-s",
					ours: {
						name: "faultline load",
						measure: async () => perCpuS(await load(url, "--closed", "--connections", "64")),
					},
					peers: [
						{
							name: "wrk",
							program: "wrk",
							goal: 1,
							measure: () => peer(["wrk", "-t1", "-c64", `-d${s}s`, url], /(\d+) requests in/),
						},
						{
							name: "a bare socket on Node",
							program: "node",
							goal: null,
							measure: () => figureOf("bare-socket", url, s),
						},
						{
							name: "autocannon",
							program: "autocannon",
							goal: 1.8,
							measure: () => peer(["autocannon", "-c", "64", "-d", s, "-j", url], /"2xx":(\d+)/),
						},
						{
							name: "k6",
							program: "k6",
							goal: 6,
							measure: () => peer(["k6", "run", script], /http_reqs[.: ]+(\d+)/),
						},
						{
							name: "vegeta",
							program: "vegeta",
							goal: null,
							measure: () => peer(["sh", "-c", attack], /Requests +\[[^\]]*\] +(\d+)/),
						},
					],
				},
				rounds,
			);
		} finally {
			server.end();
			rmSync(folder, { recursive: true, force: true });
		}
	},
} satisfies Part;
