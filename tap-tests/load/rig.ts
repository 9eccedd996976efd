import type { Pacer } from "../../load/arrival.ts";
import type { FakeTime } from "../../load/bench/simulated/fake-time.ts";
import { type Simulated, simulated } from "../../load/bench/simulated/rig.ts";
import { closedDues, openDues } from "../../load/dues.ts";
import { awaited } from "../../load/issue.ts";
import type { Journal } from "../../load/journal.ts";
import type { Operation } from "../../load/operation.ts";
import type { PhaseStart } from "../../load/recorder.ts";

export interface RigOptions {
	arrival: { pacer: Pacer } | { thinkMs: number };
	work: (operation: Operation, time: FakeTime) => Promise<string | undefined>;
	slots?: number;
	deadlineMs?: number;
	worker?: number;
	workers?: number;
	phases?: PhaseStart[];
	journal?: Journal | null;
	earlyMs?: number;
}

export const perSec =
	(ratePerSec: number): Pacer =>
	(n) =>
		(n * 1000) / ratePerSec;

/** A loop of one worker in fake time, started, whose operations are promises. */
export function rig({ arrival, work, ...options }: RigOptions): Simulated {
	const { slots = 10, deadlineMs = 5_000, worker = 0, workers = 1 } = options;
	return simulated({
		...options,
		slots,
		deadlineMs,
		dues:
			"pacer" in arrival
				? openDues(arrival.pacer, worker, workers)
				: closedDues(slots, arrival.thinkMs),
		issue: (time) => awaited((operation) => work(operation, time)),
	});
}
