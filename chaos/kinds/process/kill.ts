import { isAlive, killTree, sameProcess } from "../../../base/process.ts";
import { answersAgain } from "../../answers-again.ts";
import { faultKind, type NoParams, noParams } from "../../fault.ts";
import { describeTrip } from "../../probe.ts";
import { type ProcessUndo, planOnProcess } from "../../process/process-undo.ts";

declare module "../../fault.ts" {
	interface FaultKinds {
		kill: NoParams;
	}
}

/** The whole process tree gets SIGKILL; healing starts it again, on the same port, or waits for who does. */
export default faultKind<NoParams, ProcessUndo>({
	victim:
		"the process is gone in the middle of whatever it does; it comes back at the end of the fault",
	acts: "process",
	heals: "fully",
	params: noParams,
	plan: (target, on, _params, faultId) => planOnProcess(target, on, faultId),
	async inject(target, undo) {
		target.expectEnd(undo.on);
		await killTree(undo.process, { graceMs: 0 });
	},
	async prove(target, undo) {
		const { on, faultId } = undo;
		if (isAlive(undo.process)) return { ok: false, seen: `${on} is still alive` };
		const fresh = await (await target.probeOf(on, faultId)).fresh(500);
		const seen = `${on} is gone; a new connection: ${describeTrip(fresh)}`;
		if (fresh.kind !== "answered") return { ok: true, seen };
		// A supervisor may be quicker than a look.
		const now = await target.processOf(on).catch(() => null);
		const isReplaced = now !== null && !sameProcess(now, undo.process);
		return {
			ok: isReplaced,
			seen: isReplaced ? `${seen} by process ${now.pid}, which took its place` : seen,
		};
	},
	async heal(target, undo) {
		if (!isAlive(undo.process)) await target.restart(undo.on);
	},
	gone: (target, undo) => answersAgain(target, undo),
});
