import { existsSync } from "node:fs";
import { join } from "node:path";
import { pause } from "../../../base/clock.ts";
import { FaultlineError } from "../../../base/errors.ts";
import { cpuMsOf, isAlive, stateOf } from "../../../base/process.ts";
import { answersAgain } from "../../answers-again.ts";
import { faultKind } from "../../fault.ts";
import { describeTrip } from "../../probe.ts";
import { type ProcessUndo, planOnProcess } from "../../process/process-undo.ts";
import { monotonicMs } from "../../subject/block.ts";
import {
	type BlockOrder,
	blockControl,
	putControl,
	removeControl,
} from "../../subject/controls.ts";

export interface EventLoopBlockParams {
	/** How long one block lasts; without it, one block lasts as long as the fault. */
	busyMs?: number;
	/** Pause between two. */
	gapMs?: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"event-loop-block": EventLoopBlockParams;
	}
}

interface BlockUndo extends ProcessUndo {
	folder: string;
	busyMs: number | null;
	gapMs: number;
	limitMs: number;
}

const defaultLimitMs = 60_000;
/** Beyond the fault's own end, which is the one that is waited for. */
const limitSlackMs = 1_000;
/** A request that comes a little late still sees this share of a block; of a long one, so much is enough. */
const seenShare = 0.8;
const enoughMs = 200;
const watchMs = 1_000;
const askEveryMs = 2;
/** Share of the silence that the process must have computed in, whoever else wants the processor. */
const leastShare = 0.1;

/**
 * The agent in the process computes in its one thread of JavaScript: it lives, and nobody is served. A process that is
 * started again meanwhile is free of it, or it could never say that it is ready.
 */
export default faultKind<EventLoopBlockParams, BlockUndo>({
	victim:
		"synchronous code keeps the process's event loop: it uses its processor, and no request, timer or answer gets a turn",
	acts: "process",
	within: "node",
	heals: "fully",
	params: {
		type: "object",
		properties: {
			busyMs: {
				type: "integer",
				minimum: 100,
				maximum: 10_000,
				description: "how long one block lasts, ms; as long as the fault unless given",
			},
			gapMs: {
				type: "integer",
				minimum: 1,
				maximum: 10_000,
				description: "pause between two blocks, ms; busyMs unless given",
			},
		},
		dependencies: { gapMs: ["busyMs"] },
		additionalProperties: false,
	},
	async plan(target, on, { busyMs, gapMs = busyMs }, faultId, limitMs = defaultLimitMs) {
		const { folder, node } = await target.controlsOf(on);
		if (!node)
			throw new FaultlineError(
				"FLT_NO_PATH",
				`Node does not run subject "${on}", and it is Node's event loop that is blocked`,
				"freeze stops any process, cpu-pressure slows it down",
			);
		const undo: BlockUndo = {
			...(await planOnProcess(target, on, faultId)),
			folder,
			busyMs: busyMs ?? null,
			gapMs: gapMs ?? 0,
			limitMs,
		};
		return undo;
	},
	async inject(_target, undo) {
		const { faultId, folder, busyMs, gapMs, limitMs } = undo;
		const untilMs = monotonicMs() + limitMs + limitSlackMs;
		const order: BlockOrder = { pid: undo.process.pid, busyMs, gapMs, untilMs };
		putControl(folder, blockControl(faultId), JSON.stringify(order));
	},
	async prove(target, undo) {
		const { on, faultId, busyMs, gapMs } = undo;
		const probe = await target.probeOf(on, faultId);
		const silenceMs = seenShare * Math.min(enoughMs, busyMs ?? enoughMs);
		const giveUpAt = performance.now() + gapMs + watchMs;
		// Asks so often that some request is there when a block begins.
		for (;;) {
			const beforeMs = cpuMsOf(undo.process) ?? 0;
			const trip = await probe.fresh(silenceMs);
			const usedMs = (cpuMsOf(undo.process) ?? beforeMs) - beforeMs;
			const state = stateOf(undo.process);
			const busy = state !== null && state !== "T" && usedMs >= leastShare * trip.ms;
			const ok = trip.kind === "silent" && busy;
			const seen = `${on} is in state ${state ?? "gone"} and used ${usedMs} ms of a processor meanwhile; a new connection: ${describeTrip(trip)}`;
			if (ok || state === null || performance.now() > giveUpAt) return { ok, seen };
			await pause(askEveryMs);
		}
	},
	async heal(_target, undo) {
		removeControl(undo.folder, blockControl(undo.faultId));
	},
	async gone(target, undo) {
		const { on, faultId, folder } = undo;
		if (existsSync(join(folder, blockControl(faultId))))
			return { ok: false, seen: `${on} is still told to block` };
		if (!isAlive(undo.process)) return { ok: true, seen: `${on} has ended` };
		return answersAgain(target, { on, faultId });
	},
});
