import { pause } from "../../../base/clock.ts";
import { isAlive, killTree, type ProcessIdentity, sameProcess } from "../../../base/process.ts";
import { answersAgain } from "../../answers-again.ts";
import { faultKind } from "../../fault.ts";
import { hold, letGo } from "../../held.ts";
import { describeTrip } from "../../probe.ts";
import { type ProcessUndo, planOnProcess } from "../../process/process-undo.ts";
import type { Target } from "../../target.ts";

export interface RestartLoopParams {
	/** How long each lives, from being ready to its end. */
	everyMs: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"restart-loop": RestartLoopParams;
	}
}

interface LoopUndo extends ProcessUndo {
	everyMs: number;
}

const proveLimitMs = 20_000;

/** The whole tree gets SIGKILL and is started again, and again `everyMs` after it was ready; healing leaves it running. */
export default faultKind<RestartLoopParams, LoopUndo>({
	victim:
		"the process comes up, dies soon after in the middle of whatever it does, and comes up again",
	acts: "process",
	heals: "fully",
	params: {
		type: "object",
		properties: {
			everyMs: {
				type: "integer",
				minimum: 50,
				maximum: 60_000,
				examples: [1_000],
				description: "how long each lives, from being ready to its end, ms",
			},
		},
		required: ["everyMs"],
		additionalProperties: false,
	},
	async plan(target, on, { everyMs }, faultId) {
		return { ...(await planOnProcess(target, on, faultId)), everyMs };
	},
	async inject(target, undo) {
		const { faultId, on, everyMs } = undo;
		const stop = new AbortController();
		target.expectEnd(on);
		await killTree(undo.process, { graceMs: 0 });
		const looping = (async () => {
			for (;;) {
				// One that does not come up is tried again, as a supervisor would.
				await target.restart(on).catch(() => {});
				await pause(everyMs, stop.signal);
				if (stop.signal.aborted) return;
				const now = await target.processOf(on).catch(() => null);
				target.expectEnd(on);
				if (now !== null) await killTree(now, { graceMs: 0 });
			}
		})();
		looping.catch(() => {}); // heard by whoever lets go
		hold(faultId, () => {
			stop.abort();
			return looping;
		});
	},
	async prove(target, undo) {
		const { on, faultId } = undo;
		const first = undo.process;
		if (isAlive(first)) return { ok: false, seen: `${on} is still alive` };
		const lives = await livesOf(target, on, first);
		const fresh = await (await target.probeOf(on, faultId)).fresh(2_000);
		const pids = lives.map(({ pid }) => pid).join(", ");
		return {
			ok: lives.length > 2,
			seen: `${on} was process ${pids}, one after another; a new connection: ${describeTrip(fresh)}`,
		};
	},
	async heal(target, undo) {
		await letGo(undo.faultId);
		if (!isAlive(undo.process)) await target.restart(undo.on);
	},
	gone: (target, undo) => answersAgain(target, undo),
});

/** The processes that it was, until it has been restarted twice. */
async function livesOf(
	target: Target,
	on: string,
	first: ProcessIdentity,
): Promise<ProcessIdentity[]> {
	const lives = [first];
	const giveUpAt = performance.now() + proveLimitMs;
	while (lives.length < 3 && performance.now() < giveUpAt) {
		await pause(10);
		const now = await target.processOf(on).catch(() => null);
		if (now !== null && !lives.some((life) => sameProcess(life, now))) lives.push(now);
	}
	return lives;
}
