import { answersAgain } from "../../answers-again.ts";
import { faultKind, type NoParams, noParams } from "../../fault.ts";
import { hold, letGo } from "../../held.ts";
import { describeTrip } from "../../probe.ts";
import { onceAnswering, planOnRedis, type RedisUndo } from "../../redis/redis-undo.ts";
import { openRedisWire } from "../../redis/redis-wire.ts";

declare module "../../fault.ts" {
	interface FaultKinds {
		"redis-pause": NoParams;
	}
}

/** The server is paused for so long at a time, and again before that is over: without us it goes on by itself. */
const leaseMs = 1_500;
const renewMs = 300;
/** How long a silence is watched before it is believed. */
const silenceMs = 200;

/** `CLIENT PAUSE … ALL`: the server takes commands of every client, old or new, and answers none until it heals. */
export default faultKind<NoParams, RedisUndo>({
	victim: "every command waits: connections are accepted and stay open, nothing is answered",
	acts: "redis",
	heals: "fully",
	params: noParams,
	plan: (target, on, _params, faultId) => planOnRedis(target, on, faultId),
	async inject(_target, { faultId, url }) {
		const wire = await openRedisWire(url);
		const pause = () => wire.ask(`CLIENT PAUSE ${leaseMs} ALL`);
		try {
			// A pause of ALL keeps its own end waiting, too: only a monitor is served meanwhile.
			await wire.ask("MONITOR");
			await pause();
		} catch (error) {
			wire.destroy();
			throw error;
		}
		let last: Promise<unknown> = Promise.resolve();
		const renewing = setInterval(() => {
			last = pause().catch(() => {}); // a server that is gone is paused no more
		}, renewMs);
		hold(faultId, async () => {
			clearInterval(renewing);
			await last;
			await wire.ask("CLIENT UNPAUSE").finally(wire.destroy);
		});
	},
	async prove(target, { on, faultId }) {
		const probe = await target.probeOf(on, faultId);
		const [old, fresh] = await Promise.all([probe.old(silenceMs), probe.fresh(silenceMs)]);
		return {
			ok: old.kind !== "answered" && fresh.kind === "silent",
			seen: `an old connection: ${describeTrip(old)}; a new one: ${describeTrip(fresh)}`,
		};
	},
	async heal(_target, { faultId, url }) {
		const released = await letGo(faultId).catch(() => false);
		if (!released) await onceAnswering(url, leaseMs + silenceMs);
	},
	gone: (target, undo) => answersAgain(target, undo),
});
