import { isAlive, killTree } from "../../base/process.ts";
import { answersAgain } from "../answers-again.ts";
import { type Fault, type NoParams, noParams } from "../fault.ts";
import { describeTrip } from "../probe.ts";
import { identityOf, type ProcessUndo, planOnProcess } from "../process-undo.ts";

declare module "../fault.ts" {
	interface FaultKinds {
		kill: NoParams;
	}
}

/** The subject's whole process tree gets SIGKILL; healing starts it again, on the same port. */
const kill: Fault<NoParams> = {
	victim:
		"the process is gone in the middle of whatever it does; it comes back at the end of the fault",
	acts: "process",
	heals: "fully",
	params: noParams,
	plan: (target, on, _params, faultId) => planOnProcess(target, on, faultId),
	async inject(target, undo) {
		target.expectEnd((undo as ProcessUndo).on);
		await killTree(identityOf(undo), { graceMs: 0 });
	},
	async prove(target, undo) {
		const { on, faultId } = undo as ProcessUndo;
		if (isAlive(identityOf(undo))) return { ok: false, seen: `${on} is still alive` };
		const fresh = await (await target.probeOf(on, faultId)).fresh(500);
		return {
			ok: fresh.kind !== "answered",
			seen: `${on} is gone; a new connection: ${describeTrip(fresh)}`,
		};
	},
	async heal(target, undo) {
		if (!isAlive(identityOf(undo))) await target.restart((undo as ProcessUndo).on);
	},
	gone: (target, undo) => answersAgain(target, undo as ProcessUndo),
};

export default kill;
