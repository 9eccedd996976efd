import { pause } from "../../../base/clock.ts";
import { isAlive } from "../../../base/process.ts";
import { type FaultUndo, faultKind } from "../../fault.ts";
import { describeTrip } from "../../probe.ts";
import {
	clockControl,
	clockSeen,
	putControl,
	readControl,
	readOffsetMs,
	removeControl,
} from "../../subject/controls.ts";

export interface ClockSkewParams {
	/** What is added to the real time. */
	offsetMs: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"clock-skew": ClockSkewParams;
	}
}

interface SkewUndo extends FaultUndo {
	folder: string;
	offsetMs: number;
}

const dayMs = 86_400_000;
const watchMs = 1_000;
const askEveryMs = 20;

/**
 * A file says by how much the subject's clock is wrong, and the subject which offset it has read a time with. Also one
 * that is started again meanwhile: a wrong clock is the machine's.
 */
export default faultKind<ClockSkewParams, SkewUndo>({
	victim:
		"the subject's clock is offsetMs ahead or behind, from one moment to the next, and back at the end; its timers run as ever",
	acts: "process",
	within: "subject",
	heals: "fully",
	holds: "the clock of a subject",
	params: {
		type: "object",
		properties: {
			offsetMs: {
				type: "integer",
				minimum: -3_650 * dayMs,
				maximum: 3_650 * dayMs,
				not: { const: 0 },
				examples: [60_000],
				description: "added to the real time, ms: 5000 is five seconds ahead, -5000 behind; not 0",
			},
		},
		required: ["offsetMs"],
		additionalProperties: false,
	},
	async plan(target, on, { offsetMs }, faultId) {
		const { folder } = await target.controlsOf(on);
		return { faultId, on, folder, offsetMs };
	},
	async inject(_target, { folder, offsetMs }) {
		putControl(folder, clockControl, `${offsetMs}\n`);
	},
	async prove(target, { on, faultId, folder, offsetMs }) {
		const probe = await target.probeOf(on, faultId);
		const giveUpAt = performance.now() + watchMs;
		for (;;) {
			// A subject may read its clock for a request alone.
			const trip = await probe.fresh(watchMs);
			const ok = readOffsetMs(folder, clockSeen) === offsetMs;
			if (ok || performance.now() > giveUpAt)
				return { ok, seen: `${lastSeen(on, folder)}; a new connection: ${describeTrip(trip)}` };
			await pause(askEveryMs);
		}
	},
	async heal(_target, undo) {
		removeControl(undo.folder, clockControl);
	},
	async gone(target, { on, faultId, folder }) {
		if (readControl(folder, clockControl) !== null)
			return { ok: false, seen: `the clock of ${on} still has an offset` };
		const trip = await (await target.probeOf(on, faultId)).fresh(watchMs);
		const seen = `${lastSeen(on, folder)}; a new connection: ${describeTrip(trip)}`;
		// One that was started again since and has read no time has no wrong one either.
		if (readControl(folder, clockSeen) === null || readOffsetMs(folder, clockSeen) === 0)
			return { ok: true, seen };
		const alive = await target.processOf(on).then(isAlive, () => false);
		return alive ? { ok: false, seen } : { ok: true, seen: `${on} has ended` };
	},
});

function lastSeen(on: string, folder: string): string {
	const offsetMs = readOffsetMs(folder, clockSeen);
	return offsetMs === null
		? `${on} has not read its clock since it was started`
		: `when ${on} last read its clock, it was ${offsetMs} ms off`;
}
