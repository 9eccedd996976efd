import type { JsonObject } from "../../base/json.ts";
import type { Toxic } from "../../toxiproxy/client.ts";
import { type Fault, type FaultUndo, faultKind, type Undo } from "../fault.ts";
import { type Direction, lookForClean, lookForEffect, type ToxicLook } from "./toxic-look.ts";

/** What every toxic kind takes beside its own parameters. */
export interface ToxicParams {
	direction?: Direction;
	toxicity?: number;
}

/** A toxic as Toxiproxy spells it, without what all toxics share. */
type ToxicEffect = Toxic extends infer T extends Toxic
	? T extends Toxic
		? Pick<T, "type" | "attributes">
		: never
	: never;

export interface ToxicFault<P extends ToxicParams> {
	victim: string;
	/** Schema of its own parameters; those of every toxic are added here. */
	params: JsonObject;
	/** Where it acts, unless the parameters say. */
	direction: Direction;
	toxic(params: P): ToxicEffect;
	look(params: P, direction: Direction): ToxicLook;
}

interface ToxicUndo<P> extends FaultUndo {
	proxies: string[];
	params: P & Undo;
	toxics: string[];
}

const streams = {
	downstream: ["downstream"],
	upstream: ["upstream"],
	both: ["downstream", "upstream"],
} as const;

/** A fault made of a toxic in one or both directions of the path's own proxies: what all network kinds share. */
export function toxicFault<P extends ToxicParams>(kind: ToxicFault<P>): Fault<P> {
	const settled = ({ params }: ToxicUndo<P>) => {
		const { direction = kind.direction, toxicity = 1 } = params;
		return { direction, toxicity, look: kind.look(params, direction) };
	};
	return faultKind<P, ToxicUndo<P>>({
		victim: kind.victim,
		acts: "path",
		heals: "fully",
		params: withToxicParams(kind.params, kind.direction),
		async plan(target, on, params, faultId) {
			const names = streams[params.direction ?? kind.direction].map((_, i) => `${faultId}-${i}`);
			const proxies = await target.proxiesOf(on);
			return { faultId, on, proxies, params: params as P & Undo, toxics: names };
		},
		async inject(target, undo) {
			const { proxies, toxics, params } = undo;
			const { direction, toxicity } = settled(undo);
			for (const proxy of proxies) {
				for (const [i, stream] of streams[direction].entries()) {
					const name = toxics[i]!;
					await target.toxiproxy.addToxic(proxy, { ...kind.toxic(params), name, stream, toxicity });
				}
			}
		},
		async prove(target, undo) {
			const { on, faultId } = undo;
			const { look, toxicity } = settled(undo);
			return lookForEffect(await target.probeOf(on, faultId), look, toxicity);
		},
		async heal(target, { proxies, toxics }) {
			for (const proxy of proxies)
				for (const name of toxics) await target.toxiproxy.removeToxic(proxy, name);
		},
		async gone(target, undo) {
			const { on, faultId, proxies, toxics } = undo;
			for (const proxy of proxies) {
				const left = (await target.toxiproxy.getProxy(proxy))?.toxics ?? [];
				const ours = left.filter((toxic) => toxics.includes(toxic.name));
				if (ours.length > 0) return { ok: false, seen: `${ours.length} toxics left on ${proxy}` };
			}
			const { look, toxicity } = settled(undo);
			return lookForClean(await target.probeOf(on, faultId), look, toxicity);
		},
	});
}

function withToxicParams(schema: JsonObject, direction: Direction): JsonObject {
	return {
		...schema,
		properties: {
			...(schema.properties as JsonObject),
			direction: {
				enum: Object.keys(streams),
				default: direction,
				description: "downstream is what the service sends, upstream what it is sent",
			},
			toxicity: {
				type: "number",
				// Each look is a connection: to be sure of less than this takes more than a thousand.
				minimum: 0.01,
				maximum: 1,
				default: 1,
				description: "share of 1, drawn for each connection: does it act on this one?",
			},
		},
	};
}
