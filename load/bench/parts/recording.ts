import { Recorder } from "../../recorder.ts";
import type { Row } from "../contest.ts";
import type { Part } from "../rig.ts";

const operations = 2_000_000;
const goalNs = 150;

/** Nanoseconds a sample, four of which make an operation; and whether the heap grows with them. */
export default { run: async () => [recordingCost()] } satisfies Part;

function recordingCost(): Row {
	const recorder = new Recorder({
		load: "bench",
		worker: 0,
		phases: [{ name: "all", fromMs: 0 }],
		intervalMs: 1000,
		gauges: () => ({
			counters: {},
			inFlight: 0,
			waiting: 0,
			idleWaitMs: 0,
			loopDelayMaxMs: 0,
			cpuMs: 0,
		}),
		sampleOf: (code) => code,
		emit: () => {},
	});
	const pass = (from: number) => {
		for (let n = from; n < from + operations; n++) {
			const atMs = n / 500;
			recorder.due(atMs, atMs - 0.4);
			recorder.started(atMs, atMs - 0.4, atMs - 0.1);
			recorder.answered(atMs + 1, atMs - 0.4, atMs, "ok");
			recorder.counted(atMs + 1, atMs - 0.4, { kind: "ok" });
		}
	};
	pass(0);
	const start = performance.now();
	pass(operations);
	const ns = ((performance.now() - start) * 1e6) / operations / 4;
	recorder.destroy();
	return {
		what: `recording a sample (at most ${goalNs} ns)`,
		unit: " ns",
		ours: "Recorder",
		peer: "goal",
		oursMedian: ns,
		peerMedian: goalNs,
		ratio: ns / goalNs,
		goal: 1,
	};
}
