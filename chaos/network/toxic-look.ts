import type { Proof } from "../fault.ts";
import { type Ask, describeTrip, type Probe, type RoundTrip } from "../probe.ts";

export type Direction = "downstream" | "upstream" | "both";

/** How a connection is looked at, and what tells that a toxic acts on it. */
export interface ToxicLook {
	/** A round trip, or how long a connection takes to close once it is ended. */
	at: "round trip" | "close";
	/** What the round trip must carry to show it. */
	ask?: Ask;
	limitMs: number;
	shows(trip: RoundTrip): boolean;
	/** What `shows` asks for, in words. */
	wanted: string;
}

const cleanWithinMs = 3_000;
/** Looks that are under way together; each is a connection. */
const looksAtOnce = 8;
/** How often a proof may look at connections that were all spared. */
const missedOnce = 1e-4;

/**
 * Does the path show the effect? One that acts on every connection must show on the old one, unless something else has
 * cut it, and on a new one; else it is enough that one shows it of as many as surely hold one that was drawn.
 */
export async function lookForEffect(
	probe: Probe,
	look: ToxicLook,
	toxicity: number,
): Promise<Proof> {
	if (toxicity < 1) {
		const { hit, last, looks } = await lookUntil(probe, look, looksFor(toxicity), look.shows);
		const seen = `${hit === null ? "none" : "one"} of ${looks} new connections: ${describe(last, look)}`;
		return { ok: hit !== null, seen: `${seen}; ${look.wanted}` };
	}
	const [fresh, old] = await Promise.all([
		lookAtNew(probe, look),
		look.at === "close" ? null : probe.old(look.limitMs, look.ask),
	]);
	const ofOld = old === null ? "" : `an old connection: ${describe(old, look)}; `;
	return {
		ok: look.shows(fresh) && (old === null || old.kind === "broken" || look.shows(old)),
		seen: `${ofOld}a new one: ${describe(fresh, look)}; ${look.wanted}`,
	};
}

/** Is the path clean? Each of as many new connections as surely hold one that was drawn must be answered. */
export async function lookForClean(
	probe: Probe,
	look: ToxicLook,
	toxicity: number,
): Promise<Proof> {
	const clean = { ...look, limitMs: cleanWithinMs };
	const most = looksFor(toxicity);
	const { hit, last, looks } = await lookUntil(
		probe,
		clean,
		most,
		(trip) => trip.kind !== "answered",
	);
	const which =
		most === 1 ? "a new connection" : `${hit ? "one" : "each"} of ${looks} new connections`;
	return { ok: hit === null, seen: `${which}: ${describe(last, look)}` };
}

/** How many connections must be looked at, so that all are spared less than once in 10,000 times. */
export function looksFor(toxicity: number): number {
	return toxicity >= 1 ? 1 : Math.floor(Math.log(missedOnce) / Math.log1p(-toxicity)) + 1;
}

/** A round trip that carries so many bytes each way that a toxic acts on. */
export function askFor(bytes: number, direction: Direction): Ask {
	switch (direction) {
		case "downstream":
			return { receivedBytes: bytes };
		case "upstream":
			return { sentBytes: bytes };
		case "both":
			return { sentBytes: bytes, receivedBytes: bytes };
		default:
			return direction satisfies never;
	}
}

/** What a big round trip carried, for each way that a toxic acts on. */
export function carriedWays(trip: RoundTrip, direction: Direction): number[] {
	const { sentBytes = 0, receivedBytes = 0 } = trip.carried ?? {};
	switch (direction) {
		case "downstream":
			return [receivedBytes];
		case "upstream":
			return [sentBytes];
		case "both":
			return [sentBytes, receivedBytes];
		default:
			return direction satisfies never;
	}
}

/** Looks at new connections until one is `wanted`; `last` is that one, else any. */
async function lookUntil(
	probe: Probe,
	look: ToxicLook,
	most: number,
	wanted: (trip: RoundTrip) => boolean,
): Promise<{ hit: RoundTrip | null; last: RoundTrip; looks: number }> {
	let [begun, looks] = [0, 0];
	let hit: RoundTrip | null = null;
	let last!: RoundTrip;
	const lane = async () => {
		while (hit === null && begun < most) {
			begun += 1;
			const trip = await lookAtNew(probe, look);
			looks += 1;
			if (hit === null) last = trip;
			if (wanted(trip)) hit ??= trip;
		}
	};
	await Promise.all(Array.from({ length: looksAtOnce }, lane));
	return { hit, last, looks };
}

function lookAtNew(probe: Probe, { at, limitMs, ask }: ToxicLook): Promise<RoundTrip> {
	return at === "close" ? probe.hangUp(limitMs) : probe.fresh(limitMs, ask);
}

function describe(trip: RoundTrip, { at }: ToxicLook): string {
	if (at === "close" && trip.kind === "answered") return `closed in ${trip.ms.toFixed(0)} ms`;
	return describeTrip(trip);
}
