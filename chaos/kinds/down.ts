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
	proxies: string[];
}

/** The path's listener is closed: old connections are cut, new ones are refused. */
const down: Fault<NoParams> = {
	victim: "connections are cut, new ones are refused",
	acts: "path",
	heals: "fully",
	params: noParams,
	async plan(target, on, _params, faultId): Promise<DownUndo> {
		return { faultId, on, proxies: await target.proxiesOf(on) };
	},
	async inject(target, undo) {
		for (const proxy of (undo as DownUndo).proxies) await target.toxiproxy.setEnabled(proxy, false);
	},
	async prove(target, undo) {
		const { on, faultId } = undo as DownUndo;
		const fresh = await (await target.probeOf(on, faultId)).fresh(1_000);
		return { ok: fresh.kind === "broken", seen: `a new connection: ${describeTrip(fresh)}` };
	},
	async heal(target, undo) {
		for (const proxy of (undo as DownUndo).proxies) {
			// A proxy that is gone took its state with it.
			if ((await target.toxiproxy.getProxy(proxy)) === null) continue;
			await target.toxiproxy.setEnabled(proxy, true);
		}
	},
	gone: (target, undo) => answersAgain(target, undo as DownUndo),
};

export default down;
