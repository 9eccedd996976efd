import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import t, { type Test } from "tap";
import type { LoadResult } from "../../../load/result.ts";
import { untapped } from "../../untapped.ts";

const slots = 2;
const serviceMs = 4;
const mostPerSec = (slots * 1000) / serviceMs;

/** Each request takes a slot for the service time, or waits for one. By the clock, so that late timers lower nothing. */
async function startServer(t: Test): Promise<string> {
	const freeAtMs = Array.from({ length: slots }, () => 0);
	const server = createServer((_, response) => {
		const nowMs = performance.now();
		const slot = freeAtMs.indexOf(Math.min(...freeAtMs));
		freeAtMs[slot] = Math.max(nowMs, freeAtMs[slot]!) + serviceMs;
		setTimeout(() => response.end("ok"), freeAtMs[slot]! - nowMs);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

t.test("finds the rate that a server of known capacity holds", async (t) => {
	const url = await startServer(t);
	const search = ["--find-max", "p99<50ms", "--rate", "400", "--duration", "400ms"];
	const child = spawn(
		...untapped(
			...[process.execPath, "daemon/cli/main.ts", "load", url],
			...[...search, "--connections", "32", "--json"],
		),
		{ stdio: ["ignore", "pipe", "pipe"] },
	);
	t.teardown(() => child.kill("SIGKILL"));
	child.stderr!.on("data", (bytes: Buffer) => t.comment(String(bytes).trimEnd()));
	const result = (await json(child.stdout!)) as LoadResult;
	t.match(result, { verdict: "passed", max: { confirmed: true }, dropped_count: 0 });
	const { rate_per_sec, trials } = result.max!;
	const share = rate_per_sec! / mostPerSec;
	// A machine that is busy with other things makes tries that do not hold; none may hold beyond what the server can do.
	t.ok(share > 0.15 && share < 1.15, `${rate_per_sec}/s, by arithmetic at most ${mostPerSec}/s`);
	t.ok(trials.some(({ met }) => !met));
	t.ok(result.offered_per_sec! / rate_per_sec! > 0.95, "what is shown was measured at that rate");
	t.ok(trials.filter(({ rate_per_sec: rate, met }) => met && rate === rate_per_sec).length >= 3);
});
