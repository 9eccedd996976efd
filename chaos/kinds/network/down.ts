import { answersAgain } from "../../answers-again.ts";
import { type FaultUndo, faultKind, type NoParams, noParams } from "../../fault.ts";
import { describeTrip } from "../../probe.ts";

declare module "../../fault.ts" {
	interface FaultKinds {
		down: NoParams;
	}
}

interface DownUndo extends FaultUndo {
	proxies: string[];
}

/** The path's listener is closed: old connections are cut, new ones are refused. */
export default faultKind<NoParams, DownUndo>({
	victim: "connections are cut, new ones are refused",
	acts: "path",
	heals: "fully",
	params: noParams,
	async plan(target, on, _params, faultId) {
		return { faultId, on, proxies: await target.proxiesOf(on) };
	},
	async inject(target, undo) {
		for (const proxy of undo.proxies) await target.toxiproxy.setEnabled(proxy, false);
	},
	async prove(target, { on, faultId }) {
		const fresh = await (await target.probeOf(on, faultId)).fresh(1_000);
		return { ok: fresh.kind === "broken", seen: `a new connection: ${describeTrip(fresh)}` };
	},
	async heal(target, undo) {
		for (const proxy of undo.proxies) {
			// A proxy that is gone took its state with it.
			if ((await target.toxiproxy.getProxy(proxy)) === null) continue;
			await target.toxiproxy.setEnabled(proxy, true);
		}
	},
	gone: (target, undo) => answersAgain(target, undo),
});
