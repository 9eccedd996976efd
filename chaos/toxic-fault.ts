import type { JsonObject } from "../base/json.ts";
import type { Toxic } from "../toxiproxy/client.ts";
import type { Fault, Proof, Undo } from "./fault.ts";
import { describeTrip, type Probe } from "./probe.ts";

interface ToxicUndo extends Undo {
	faultId: string;
	on: string;
	proxy: string;
	params: Undo;
	toxics: string[];
}

export interface ToxicFault<P> {
	victim: string;
	params: JsonObject;
	/** The toxics it is made of; names are added here. */
	toxics(params: P): Omit<Toxic, "name">[];
	/** Does the path show the effect? */
	effect(probe: Probe, params: P): Promise<Proof>;
	/** Longest clean round trip that still proves the effect gone. */
	cleanWithinMs: number;
}

/** A fault made of toxics on the path's own proxy: what all network kinds share. */
export function toxicFault<P>(kind: ToxicFault<P>): Fault<P> {
	return {
		victim: kind.victim,
		acts: "path",
		heals: "fully",
		params: kind.params,
		async plan(target, on, params, faultId): Promise<ToxicUndo> {
			const names = kind.toxics(params).map((_, i) => `${faultId}-${i}`);
			const proxy = await target.proxyOf(on);
			return { faultId, on, proxy, params: params as Undo, toxics: names };
		},
		async inject(target, undo) {
			const { proxy, params, toxics } = undo as ToxicUndo;
			for (const [i, toxic] of kind.toxics(params as P).entries()) {
				await target.toxiproxy.addToxic(proxy, { ...toxic, name: toxics[i]! } as Toxic);
			}
		},
		async prove(target, undo) {
			const { on, faultId, params } = undo as ToxicUndo;
			return kind.effect(await target.probeOf(on, faultId), params as P);
		},
		async heal(target, undo) {
			const { proxy, toxics } = undo as ToxicUndo;
			for (const name of toxics) await target.toxiproxy.removeToxic(proxy, name);
		},
		async gone(target, undo) {
			const { on, faultId, proxy, toxics } = undo as ToxicUndo;
			const left = (await target.toxiproxy.getProxy(proxy))?.toxics ?? [];
			const ours = left.filter((toxic) => toxics.includes(toxic.name));
			if (ours.length > 0) return { ok: false, seen: `${ours.length} toxics left on ${proxy}` };
			const trip = await (await target.probeOf(on, faultId)).fresh(kind.cleanWithinMs);
			return { ok: trip.kind === "answered", seen: `a new connection: ${describeTrip(trip)}` };
		},
	};
}
