import { pause } from "../../../base/clock.ts";
import { faultKind } from "../../fault.ts";
import { hold, letGo } from "../../held.ts";
import { describeTrip, type Probe, type RoundTrip } from "../../probe.ts";
import {
	onceAnswering,
	onRedis,
	planOnRedis,
	type RedisUndo,
	warmRedis,
} from "../../redis/redis-undo.ts";
import { openRedisWire } from "../../redis/redis-wire.ts";

export interface RedisSlowCommandParams {
	/** How long one command keeps the server. */
	busyMs: number;
	/** Pause between two. */
	gapMs?: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"redis-slow-command": RedisSlowCommandParams;
	}
}

interface SlowUndo extends RedisUndo {
	busyMs: number;
	gapMs: number;
	command: string;
}

/** Short enough to heal in time: no command can be cut short before Redis's own limit of 5 s. */
const busyMaxMs = 2_000;

const askEveryMs = 2;

/** Where DEBUG is disabled: busy by the processor's clock, which a script can't see standing still, or by the wall's. */
const busyScript = (ms: number) =>
	`local os = rawget(_G, 'os') local now = os and os.clock or function() local t = redis.call('TIME') return t[1] + t[2] / 1000000 end local over = now() + ${ms / 1_000} while now() < over do end return 1`;

/** A command that keeps the server for `busyMs`, again and again with `gapMs` in between: everyone waits in line. */
export default faultKind<RedisSlowCommandParams, SlowUndo>({
	victim: "commands wait up to busyMs behind a slow one, all connections alike, again and again",
	acts: "redis",
	heals: "fully",
	params: {
		type: "object",
		properties: {
			busyMs: {
				type: "integer",
				minimum: 20,
				maximum: busyMaxMs,
				examples: [200],
				description: "how long one command keeps the server, ms",
			},
			gapMs: {
				type: "integer",
				minimum: 1,
				maximum: 1_000,
				description: "pause between two, ms; busyMs unless given",
			},
		},
		required: ["busyMs"],
		additionalProperties: false,
	},
	warm: warmRedis,
	async plan(target, on, { busyMs, gapMs = busyMs }, faultId) {
		const undo = await planOnRedis(target, on, faultId);
		const mayDebug = await onRedis(undo.url, (redis) => redis.debug("SLEEP", "0")).then(
			() => true,
			() => false,
		);
		const command = mayDebug ? `DEBUG SLEEP ${busyMs / 1_000}` : `EVAL "${busyScript(busyMs)}" 0`;
		return { ...undo, busyMs, gapMs, command };
	},
	async inject(_target, { faultId, url, gapMs, command }) {
		const wire = await openRedisWire(url);
		const stop = new AbortController();
		const repeat = async () => {
			while (!stop.signal.aborted) {
				await wire.ask(command);
				await pause(gapMs, stop.signal);
			}
		};
		// A server that refuses it or goes away shows no effect, and that is said.
		const ended = repeat()
			.catch(() => {})
			.finally(wire.destroy);
		hold(faultId, async () => {
			stop.abort();
			await ended;
		});
	},
	async prove(target, { on, faultId, busyMs, gapMs }) {
		const probe = await target.probeOf(on, faultId);
		const slowest = await slowestTrip(probe, 2 * (busyMs + gapMs), slowMs(busyMs));
		return {
			ok: slowest.kind !== "broken" && slowest.ms >= slowMs(busyMs),
			seen: `the slowest of many round trips: ${describeTrip(slowest)}, at least ${slowMs(busyMs)} ms expected`,
		};
	},
	async heal(_target, { faultId, url, busyMs }) {
		await letGo(faultId);
		// The connection of a daemon that died is gone, and its last command ends by itself.
		await onceAnswering(url, busyMs + 1_000);
	},
	async gone(target, { on, faultId, busyMs, gapMs }) {
		const probe = await target.probeOf(on, faultId);
		const slowest = await slowestTrip(probe, busyMs + gapMs, slowMs(busyMs));
		return {
			ok: slowest.kind === "answered" && slowest.ms < slowMs(busyMs),
			seen: `the slowest of many round trips: ${describeTrip(slowest)}`,
		};
	},
});

/** A round trip that waits out a command sees nearly all of it. */
function slowMs(busyMs: number): number {
	return Math.round(busyMs * 0.8);
}

/** Asks so often that some request is there when a command begins; the first that takes `enoughMs` ends it. */
async function slowestTrip(probe: Probe, forMs: number, enoughMs: number): Promise<RoundTrip> {
	const untilMs = performance.now() + forMs;
	let slowest = await probe.fresh(forMs + 1_000);
	while (slowest.kind === "answered" && slowest.ms < enoughMs && performance.now() < untilMs) {
		await pause(askEveryMs);
		const trip = await probe.fresh(forMs + 1_000);
		if (trip.kind !== "answered" || trip.ms > slowest.ms) slowest = trip;
	}
	return slowest;
}
