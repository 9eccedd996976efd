import { messageOf } from "../../base/errors.ts";
import type { Say } from "../tools/component.ts";
import type { ProcessId } from "./service.ts";
import type { Stack } from "./stack.ts";

interface KeepAliveOptions {
	stack: Pick<Stack, "ended" | "restart">;
	/** Is nothing under way that ends services on purpose, or would take a new one for the old? */
	isIdle(): boolean;
	/** Does it while no run is under way. */
	between(work: () => Promise<void>): Promise<void>;
	log: Say;
	nowMs(): number;
}

/** So often within `spanMs` a service is started again; one that ends at once would be for ever. */
const startsMax = 3;
const spanMs = 10 * 60_000;

/**
 * Starts services again that have ended although nobody ended them, and says so. The answer is to be called now and
 * then; it resolves when what it found is done.
 */
export function keepAlive(options: KeepAliveOptions): () => Promise<void> {
	const { stack, isIdle, between, log, nowMs } = options;
	const startsMs = new Map<ProcessId, number[]>();
	const given = new Set<ProcessId>();
	let underWay = false;
	const startAgain = async (id: ProcessId) => {
		const recent = (startsMs.get(id) ?? []).filter((ms) => nowMs() - ms < spanMs);
		if (recent.length >= startsMax) {
			given.add(id);
			log(
				`${id} has ended ${startsMax} times within 10 min: it stays away until faultline stack up`,
			);
			return;
		}
		startsMs.set(id, [...recent, nowMs()]);
		log(`${id} has ended, although nobody ended it: starting it again`);
		try {
			await stack.restart(id);
			log(`${id} is up again`);
		} catch (error) {
			log(`${id} could not be started again: ${messageOf(error)}`);
		}
	};
	return async () => {
		if (underWay || !isIdle()) return;
		const ended = stack.ended();
		for (const id of given) if (!ended.includes(id)) given.delete(id);
		if (ended.every((id) => given.has(id))) return;
		underWay = true;
		try {
			await between(async () => {
				for (const id of stack.ended()) if (!given.has(id) && isIdle()) await startAgain(id);
			});
		} finally {
			underWay = false;
		}
	};
}
