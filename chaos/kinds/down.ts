import { answersAgain } from "../answers-again.ts";
import { type Fault, type NoParams, noParams, type Undo } from "../fault.ts";
import { describeTrip } from "../probe.ts";

declare module "../fault.ts" {
	interface FaultKinds {
		down: NoParams;
	}
}

interface DownUndo extends Undo {
	faultId: string;
	on: string;
	proxy: string;
}

/** The path's listener is closed: old connections are cut, new ones are refused. */
const down: Fault<NoParams> = {
	victim: "connections are cut, new ones are refused",
	acts: "path",
	heals: "fully",
	params: noParams,
	async plan(target, on, _params, faultId): Promise<DownUndo> {
		return { faultId, on, proxy: await target.proxyOf(on) };
	},
	async inject(target, undo) {
		await target.toxiproxy.setEnabled((undo as DownUndo).proxy, false);
	},
	async prove(target, undo) {
		const { on, faultId } = undo as DownUndo;
		const fresh = await (await target.probeOf(on, faultId)).fresh(1_000);
		return { ok: fresh.kind === "broken", seen: `a new connection: ${describeTrip(fresh)}` };
	},
	async heal(target, undo) {
		const { proxy } = undo as DownUndo;
		// A proxy that is gone took its state with it.
		if ((await target.toxiproxy.getProxy(proxy)) !== null) {
			await target.toxiproxy.setEnabled(proxy, true);
		}
	},
	gone: (target, undo) => answersAgain(target, undo as DownUndo),
};

export default down;
