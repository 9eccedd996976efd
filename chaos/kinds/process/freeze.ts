import { freezeTree, isAlive, isHeld, stateOf, thawTree, treeOf } from "../../../base/process.ts";
import { answersAgain } from "../../answers-again.ts";
import { faultKind, type NoParams, noParams } from "../../fault.ts";
import { describeTrip } from "../../probe.ts";
import { type ProcessUndo, planOnProcess } from "../../process/process-undo.ts";

declare module "../../fault.ts" {
	interface FaultKinds {
		freeze: NoParams;
	}
}

/** The whole process tree is stopped (SIGSTOP): connections stay open, the kernel still accepts, nobody answers. */
export default faultKind<NoParams, ProcessUndo>({
	victim: "the process hangs: connections stay open and are accepted, nothing is answered",
	acts: "process",
	heals: "fully",
	params: noParams,
	plan: (target, on, _params, faultId) => planOnProcess(target, on, faultId),
	async inject(_target, undo) {
		await freezeTree(undo.process);
	},
	async prove(target, undo) {
		const { on, faultId } = undo;
		const tree = await treeOf(undo.process);
		const old = await (await target.probeOf(on, faultId)).old(200);
		return {
			ok: tree.length > 0 && tree.every(isHeld) && old.kind !== "answered",
			seen: `process states ${tree.map(stateOf).join("")}; an old connection: ${describeTrip(old)}`,
		};
	},
	async heal(_target, undo) {
		await thawTree(undo.process);
	},
	async gone(target, undo) {
		const { on, faultId } = undo;
		if (!isAlive(undo.process)) return { ok: true, seen: `${on} has ended` };
		const tree = await treeOf(undo.process);
		const stopped = tree.filter(isHeld);
		if (stopped.length > 0)
			return { ok: false, seen: `${stopped.length} processes are still stopped` };
		return answersAgain(target, { on, faultId });
	},
});
