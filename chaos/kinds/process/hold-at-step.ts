import { pause } from "../../../base/clock.ts";
import { isAlive } from "../../../base/process.ts";
import { type FaultUndo, faultKind } from "../../fault.ts";
import {
	type HoldOrder,
	holdControl,
	holdOrderIn,
	holdSeen,
	putControl,
	readControl,
	removeControl,
} from "../../subject/controls.ts";

export interface HoldAtStepParams {
	/** The subject's own name for a step of its work: `before-commit`. */
	step: string;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"hold-at-step": HoldAtStepParams;
	}
}

interface HoldUndo extends FaultUndo {
	folder: string;
	order: string;
}

const watchMs = 1_000;
const lookEveryMs = 2;

/**
 * A file says at which step of its work the subject is to stop, and the subject that it stands there. Also one that is
 * started again meanwhile, when it comes to that step.
 */
export default faultKind<HoldAtStepParams, HoldUndo>({
	victim:
		"the subject stops where it next comes to a step of its work, such as before a commit, and goes on when the fault is over",
	acts: "process",
	within: "subject",
	heals: "fully",
	holds: "the step of a subject",
	params: {
		type: "object",
		properties: {
			step: {
				type: "string",
				minLength: 1,
				maxLength: 200,
				description: "the subject's own name of the step, such as before-commit",
			},
		},
		required: ["step"],
		additionalProperties: false,
	},
	async plan(target, on, { step }, faultId) {
		const { folder } = await target.controlsOf(on);
		const order: HoldOrder = { step, faultId };
		return { faultId, on, folder, order: JSON.stringify(order) };
	},
	async inject(_target, { folder, order }) {
		putControl(folder, holdControl, order);
	},
	async prove(_target, { on, folder, order }) {
		const giveUpAt = performance.now() + watchMs;
		for (;;) {
			const ok = readControl(folder, holdSeen) === order;
			if (ok || performance.now() > giveUpAt) return { ok, seen: lastSeen(on, folder) };
			await pause(lookEveryMs);
		}
	},
	async heal(_target, { folder }) {
		removeControl(folder, holdControl);
	},
	async gone(target, { on, folder }) {
		if (readControl(folder, holdControl) !== null)
			return { ok: false, seen: `${on} is still told to stop` };
		const seen = lastSeen(on, folder);
		if (!readControl(folder, holdSeen)) return { ok: true, seen };
		const alive = await target.processOf(on).then(isAlive, () => false);
		return alive ? { ok: false, seen } : { ok: true, seen: `${on} has ended` };
	},
});

function lastSeen(on: string, folder: string): string {
	const order = holdOrderIn(readControl(folder, holdSeen) ?? "");
	return order === null ? `${on} stands at no step` : `${on} stands at ${order.step}`;
}
