import { parseArgs } from "node:util";
import { monotonicMs, pause } from "faultline";
import { Slots } from "../../subjects/slots.ts";
import { Batches } from "./batches.ts";
import { measureCapacity } from "./capacity.ts";
import { Gate } from "./gate.ts";
import { throughGate } from "./gated.ts";
import { peakCount } from "./grants.ts";
import { messageOf } from "./message.ts";
import { optimumMs } from "./optimum.ts";
import { Ramp } from "./ramp.ts";
import { type Answer, Replayer } from "./replayer.ts";

// The replay by itself, in one process and without Kafka and Postgres: ramp, gate and replayer are the real ones, the sink
// is slots that wait. `node rehearsal.ts --backlog 6000` prints how it went, with its guards and without.

const [slotCount, unitMs, batch, safeShare, livePerSec] = [4, 1, 16, 0.8, 200];
/** More at once the sink turns away. */
const connectionsMax = 48;

export interface Rehearsed {
	catchUpMs: number;
	/** Of the quickest that is safe. */
	efficiencyPct: number;
	/** Most that went to the sink in a second, of what is safe. */
	peakPct: number;
	liveP99Ms: number;
	/** Requests that the sink turned away. */
	errorCount: number;
}

/** Replays so many messages while live writes come. */
export async function rehearse(backlog: number, guard: "on" | "off"): Promise<Rehearsed> {
	const sink = new Slots(slotCount);
	let errorCount = 0;
	const write = async (count: number): Promise<Answer> => {
		if (sink.waitingCount + sink.busyCount >= connectionsMax) {
			errorCount += 1;
			return { ok: false };
		}
		const sinceMs = monotonicMs();
		const { endMs } = await sink.hold(sinceMs, count * unitMs, async () => {});
		return { ok: true, sinkMs: endMs - sinceMs };
	};
	const capacityPerSec = await measureCapacity({
		slots: slotCount,
		batch,
		probe: async (count) => (await sink.hold(monotonicMs(), count * unitMs, async () => {})).endMs,
	});
	const safePerSec = safeShare * capacityPerSec;
	const gate = new Gate({ safePerSec: guard === "on" ? safePerSec : null, batch });
	const grants: { atMs: number; count: number }[] = [];
	const through = throughGate(gate, monotonicMs, (given) => grants.push(given));
	const send = async (count: number, kind: "live" | "replay") => {
		await through(kind, count);
		return write(count);
	};

	const latencies: number[] = [];
	const over = new AbortController();
	const live = (async () => {
		const fromMs = monotonicMs();
		for (let n = 0; !over.signal.aborted; n++) {
			const dueMs = fromMs + (1_000 * n) / livePerSec;
			await pause(Math.max(0, dueMs - monotonicMs()), over.signal);
			void send(1, "live").then(() => latencies.push(monotonicMs() - dueMs));
		}
	})();
	const fromMs = monotonicMs();
	const replayer = new Replayer({
		ramp: guard === "on" ? new Ramp({ safePerSec, rampMs: 200, targetMs: 40 }, fromMs) : null,
		inFlightMax: guard === "on" ? 16 : 64,
		nowMs: monotonicMs,
		pause,
		async send({ messages }) {
			const answer = await send(messages.length, "replay");
			if (!answer.ok) await pause(1);
			return answer;
		},
	});
	const batches = new Batches(0, batch, backlog);
	for (let offset = 0; offset < backlog; offset++)
		for (const ready of batches.add({ offset, message: messageOf(offset, { seed: 1, keys: 100 }) }))
			await replayer.send(ready);
	await replayer.drained();
	const catchUpMs = monotonicMs() - fromMs;
	over.abort();
	await live;
	const leftPerSec = safePerSec - livePerSec;
	return {
		catchUpMs,
		efficiencyPct: (100 * optimumMs({ backlog, leftPerSec, slow: null })) / catchUpMs,
		peakPct: (100 * peakCount(grants, 1_000)) / safePerSec,
		liveP99Ms: latencies.sort((a, b) => a - b)[Math.floor(0.99 * latencies.length)] ?? 0,
		errorCount,
	};
}

if (import.meta.main) {
	const { values } = parseArgs({ options: { backlog: { type: "string", default: "6000" } } });
	const backlog = Number(values.backlog);
	console.log(
		`${backlog} messages are to be replayed while ${livePerSec} live writes come a second`,
	);
	console.table({ guarded: await rehearse(backlog, "on"), naive: await rehearse(backlog, "off") });
}
