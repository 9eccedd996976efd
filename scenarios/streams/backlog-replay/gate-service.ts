import { openSync, writeSync } from "node:fs";
import { monotonicMs, numberVariable, pause, serve, variable } from "faultline/subject";
import type { Batch } from "./batches.ts";
import { measureCapacity } from "./capacity.ts";
import { Gate, type Kind } from "./gate.ts";
import { throughGate } from "./gated.ts";
import { type GateLine, gateFile } from "./grants.ts";

// The sink's protection as a process: it measures what the sink takes, and from then on lets through what is safe of it.
// `FLT_PATH_SINK=http://127.0.0.1:8081 SLOTS=4 BATCH=16 SAFE_SHARE=0.8 GUARD=on FLT_PORT=8080 node gate-service.ts` starts
// it without the testbed.

const sink = variable("FLT_PATH_SINK");
const batch = numberVariable("BATCH");
const isOpen = variable("GUARD", "on") === "off";

interface Answer {
	status: number;
	body: { [name: string]: string | number | boolean };
}

async function post(path: string, body: object): Promise<Answer> {
	const response = await fetch(`${sink}${path}`, { method: "POST", body: JSON.stringify(body) });
	return { status: response.status, body: (await response.json()) as Answer["body"] };
}

/** A sink that is busy, or not there yet, is asked again. */
async function probe(count: number): Promise<number> {
	for (;;) {
		const answer = await post("/probe", { count }).catch(() => null);
		if (answer?.status === 200) return Number(answer.body.endMs);
		await pause(20);
	}
}

const capacityPerSec = await measureCapacity({
	slots: numberVariable("SLOTS"),
	batch,
	probe,
});
const safePerSec = numberVariable("SAFE_SHARE") * capacityPerSec;
const gate = new Gate({ safePerSec: isOpen ? null : safePerSec, batch });

// At once and without a buffer: what went is known also of a process that was killed.
const log = openSync(gateFile, "a");
const tell = (line: GateLine) => void writeSync(log, `${JSON.stringify(line)}\n`);
tell({ is: "begun", atMs: monotonicMs(), capacityPerSec, safePerSec });

/** The newest that went, for who asks how much goes to the sink now. */
let recent: { atMs: number; count: number }[] = [];

const through = throughGate(gate, monotonicMs, (given) => {
	tell({ is: "granted", ...given });
	recent.push(given);
});

async function pass(kind: Kind, count: number, body: object): Promise<Answer> {
	const { id } = await through(kind, count);
	const answer = await post(`/${kind}`, body).catch(
		(error: unknown): Answer => ({ status: 502, body: { error: String(error) } }),
	);
	const sinkMs = Number(answer.body.tookMs ?? 0);
	tell({ is: "ended", id, atMs: monotonicMs(), status: answer.status, sinkMs });
	return answer;
}

await serve({
	"POST /live": async ({ json }) => pass("live", 1, await json<{ n: number }>()),
	"POST /replay": async ({ json }) => {
		const batch = await json<Batch>();
		return pass("replay", batch.messages.length, batch);
	},
	/** What is safe, and what went in the last second of it. */
	"GET /load": () => {
		const fromMs = monotonicMs() - 1_000;
		recent = recent.filter(({ atMs }) => atMs > fromMs);
		return { safePerSec, lastSecond: recent.reduce((sum, { count }) => sum + count, 0) };
	},
});
