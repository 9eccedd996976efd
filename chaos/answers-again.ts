import type { Proof } from "./fault.ts";
import { type Ask, describeTrip } from "./probe.ts";
import type { Target } from "./target.ts";

const limitMs = 2_000;

/** What most kinds ask last for `gone`: a round trip on a new connection is answered. */
export async function answersAgain(
	target: Target,
	{ on, faultId }: { on: string; faultId: string },
	{ what = "a new connection", ask = {} }: { what?: string; ask?: Ask } = {},
): Promise<Proof> {
	const fresh = await (await target.probeOf(on, faultId)).fresh(limitMs, ask);
	return { ok: fresh.kind === "answered", seen: `${what}: ${describeTrip(fresh)}` };
}
