import { pause } from "../../../base/clock.ts";
import { codeOf } from "../../../base/errors.ts";
import { faultKind, type NoParams, noParams } from "../../fault.ts";
import { hold, letGo } from "../../held.ts";
import {
	endSessions,
	goneWithSessions,
	openSession,
	type PostgresUndo,
	planOnPostgres,
} from "../../postgres/postgres-undo.ts";
import { describeTrip } from "../../probe.ts";

declare module "../../fault.ts" {
	interface FaultKinds {
		"connection-exhaustion": NoParams;
	}
}

const openersAtOnce = 8;
const injectLimitMs = 5_000;
const againMs = 100;
const roomRetryMs = 20;
const roomTries = 50;
const tooMany = "53300";

type Session = Awaited<ReturnType<typeof openSession>>;

/**
 * Idle sessions take every connection that the server has left for this user, and each that is given back: sessions
 * that are there go on. A superuser's take the reserved ones too, since such victims would else use them.
 */
export default faultKind<NoParams, PostgresUndo>({
	victim:
		"new connections are refused with 53300; those that are there work as long as they are kept",
	acts: "postgres",
	heals: "fully",
	params: noParams,
	plan: (target, on, _params, faultId) => planOnPostgres(target, on, faultId),
	async inject(_target, { url, faultId }) {
		const greed = new Greed(url, faultId);
		hold(faultId, async () => greed.stop());
		await Promise.race([greed.fill(), pause(injectLimitMs)]);
	},
	async prove(target, { on, faultId }) {
		const probe = await target.probeOf(on, faultId);
		const [fresh, old] = await Promise.all([probe.fresh(1_000), probe.old(1_000)]);
		return {
			ok: fresh.kind === "broken" && fresh.error === tooMany,
			seen: `a new session: ${describeTrip(fresh)}; an old one: ${describeTrip(old)}`,
		};
	},
	async heal(_target, undo) {
		// There may be no connection left to heal through. After the daemon's death the server has seen its sessions end.
		await letGo(undo.faultId);
		await onceThereIsRoom(() => endSessions(undo));
	},
	gone: (target, undo) => goneWithSessions(target, undo),
});

/** Opens sessions until none is to be had, and takes what comes free later. */
class Greed {
	readonly #url: string;
	readonly #name: string;
	readonly #sessions = new Set<Session>();
	readonly #stop = new AbortController();

	constructor(url: string, name: string) {
		this.#url = url;
		this.#name = name;
	}

	/** Resolves when the server has refused another session. */
	async fill(): Promise<void> {
		await Promise.all(Array.from({ length: openersAtOnce }, () => this.#openAll()));
		void this.#goOn();
	}

	stop(): void {
		this.#stop.abort();
		for (const session of this.#sessions) session.end().catch(() => {});
	}

	async #openAll(): Promise<void> {
		const { signal } = this.#stop;
		try {
			while (!signal.aborted) {
				const session = await openSession(this.#url, this.#name);
				this.#sessions.add(session);
				session.once("end", () => this.#sessions.delete(session));
				if (signal.aborted) session.end().catch(() => {});
			}
		} catch (error) {
			if (codeOf(error) !== tooMany) throw error;
		}
	}

	/** One opener at a time: the server forks a process to refuse each. */
	async #goOn(): Promise<void> {
		const { signal } = this.#stop;
		while (!signal.aborted) {
			await pause(againMs, signal);
			await this.#openAll().catch(() => {});
		}
	}
}

async function onceThereIsRoom(action: () => Promise<void>): Promise<void> {
	for (let tries = 1; ; tries++) {
		try {
			return await action();
		} catch (error) {
			if (codeOf(error) !== tooMany || tries === roomTries) throw error;
			await pause(roomRetryMs);
		}
	}
}
