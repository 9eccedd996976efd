import { pause } from "../../../base/clock.ts";
import { isAlive } from "../../../base/process.ts";
import { type FaultUndo, faultKind } from "../../fault.ts";
import { describeTrip } from "../../probe.ts";
import {
	paceControl,
	paceSeen,
	putControl,
	readControl,
	removeControl,
} from "../../subject/controls.ts";

export interface SlowWorkParams {
	/** The subject's own name for what it does: a partition, a table, a customer. */
	part: string;
	extraUs: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"slow-work": SlowWorkParams;
	}
}

interface SlowUndo extends FaultUndo {
	folder: string;
	order: string;
}

const watchMs = 1_000;
const askEveryMs = 20;

/**
 * A file says which part of the subject's work is slow, and by how much; the subject says which order it has obeyed.
 * Also one that is started again meanwhile: what it works with is slow, not the process.
 */
export default faultKind<SlowWorkParams, SlowUndo>({
	victim:
		"one part of the subject's work takes extraUs longer a unit, such as the messages of one partition; the rest goes on as ever",
	acts: "process",
	within: "subject",
	heals: "fully",
	holds: "the pace of a subject",
	params: {
		type: "object",
		properties: {
			part: {
				type: "string",
				minLength: 1,
				maxLength: 200,
				description: "the subject's own name of the part, such as the number of a partition",
			},
			extraUs: {
				type: "integer",
				minimum: 1,
				maximum: 60_000_000,
				examples: [5_000],
				description: "added to each unit of work of that part, microseconds: 5000 is 5 ms",
			},
		},
		required: ["part", "extraUs"],
		additionalProperties: false,
	},
	async plan(target, on, { part, extraUs }, faultId) {
		const { folder } = await target.controlsOf(on);
		return { faultId, on, folder, order: JSON.stringify({ part, extraUs }) };
	},
	async inject(_target, { folder, order }) {
		putControl(folder, paceControl, order);
	},
	async prove(target, { on, faultId, folder, order }) {
		const probe = await target.probeOf(on, faultId);
		const giveUpAt = performance.now() + watchMs;
		for (;;) {
			// A subject may do that part of its work for a request alone.
			const trip = await probe.fresh(watchMs);
			const ok = readControl(folder, paceSeen) === order;
			if (ok || performance.now() > giveUpAt)
				return { ok, seen: `${lastSeen(on, folder)}; a new connection: ${describeTrip(trip)}` };
			await pause(askEveryMs);
		}
	},
	async heal(_target, undo) {
		removeControl(undo.folder, paceControl);
	},
	async gone(target, { on, faultId, folder }) {
		if (readControl(folder, paceControl) !== null)
			return { ok: false, seen: `the work of ${on} is still told to be slow` };
		const trip = await (await target.probeOf(on, faultId)).fresh(watchMs);
		const seen = `${lastSeen(on, folder)}; a new connection: ${describeTrip(trip)}`;
		if (!readControl(folder, paceSeen)) return { ok: true, seen };
		const alive = await target.processOf(on).then(isAlive, () => false);
		return alive ? { ok: false, seen } : { ok: true, seen: `${on} has ended` };
	},
});

function lastSeen(on: string, folder: string): string {
	const order = readControl(folder, paceSeen);
	return order ? `${on} obeys ${order}` : `${on} works at its own pace`;
}
