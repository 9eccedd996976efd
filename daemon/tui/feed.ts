import { codeOf, FaultlineError, messageOf } from "../../base/errors.ts";
import type { ApiClient } from "../client/client.ts";
import type { Input } from "./dashboard.ts";
import type { Effect } from "./effects.ts";
import { healedAllNotice, healedNotice, injectedNotice } from "./fault-notices.ts";
import type { Tone } from "./text.ts";
import type {
	AcceptedLoad,
	Component,
	FaultRecord,
	FaultsNow,
	HealedAll,
	KindRow,
	ScenarioRow,
} from "./wire.ts";

export type Api = Pick<ApiClient, "get" | "post" | "delete" | "start" | "runs" | "run" | "events">;

export interface FeedOptions {
	api: Api;
	hear(input: Input): void;
	nowMs(): number;
}

const runsListed = 50;
const answerLimitMs = 3_000;
const slowPollEvery = 10;

/** Asks the daemon, and passes on what it says. Never throws: a daemon that is away is an input like any other. */
export class Feed {
	readonly #options: FeedOptions;
	#polling = false;
	#polls = 0;
	#refreshing = false;
	#following: { runId: string; ended: boolean; abort: AbortController } | null = null;

	constructor(options: FeedOptions) {
		this.#options = options;
	}

	/** One look at the runs and the faults in force, and now and then at what changes seldom. Called each second. */
	async poll(): Promise<void> {
		if (this.#polling) return; // the daemon owes an answer already
		this.#polling = true;
		const late = setTimeout(() => this.#away("no answer within 3 s", false), answerLimitMs);
		try {
			const runs = await this.#options.api.runs(runsListed);
			this.#hear({ kind: "runs", runs });
			this.#hear({ kind: "faults", now: await this.#options.api.get<FaultsNow>("/faults") });
			clearTimeout(late);
			if (this.#polls % slowPollEvery === 0) await this.refresh();
			this.#polls += 1;
		} catch (error) {
			if (isAnswer(error)) {
				this.#hear({ kind: "answered", text: messageOf(error), tone: "bad" });
				this.#polls += 1;
			} else {
				this.#away(messageOf(error), isRefused(error));
				this.#polls = 0; // what it says after it was away may be another daemon's
			}
		} finally {
			clearTimeout(late);
			this.#polling = false;
		}
	}

	/** Scenarios and components. */
	async refresh(): Promise<void> {
		if (this.#refreshing) return;
		this.#refreshing = true;
		try {
			const { api } = this.#options;
			const { scenarios } = await api.get<{ scenarios: ScenarioRow[] }>("/scenarios");
			this.#hear({ kind: "scenarios", scenarios });
			const { components } = await api.get<{ components: Component[] }>("/stack");
			this.#hear({ kind: "components", components });
		} finally {
			this.#refreshing = false;
		}
	}

	/** Streams this run's events in; called again, it goes on where a stream broke. `ended`: none are to come. */
	follow(runId: string | null): void {
		if (this.#following?.runId === runId) return;
		this.#following?.abort.abort();
		this.#following = null;
		if (runId === null) return;
		const following = { runId, ended: false, abort: new AbortController() };
		this.#following = following;
		void this.#stream(following);
		void this.#accepted(runId);
	}

	/** Does what a key asked for. */
	async perform(effect: Exclude<Effect, { do: "leave" | "suspend" }>): Promise<void> {
		const { api } = this.#options;
		const answered = (text: string, tone: Tone) => this.#hear({ kind: "answered", text, tone });
		try {
			switch (effect.do) {
				case "start": {
					const { runId } = await api.start(effect.scenario, effect.params);
					answered(`started ${runId}`, "good");
					break;
				}
				case "stop": {
					await api.post(`/runs/${encodeURIComponent(effect.runId)}/stop`);
					answered(`stopped ${effect.runId}`, "good");
					break;
				}
				case "steer": {
					const { runId, load, change } = effect;
					const path = [runId, "loads", load].map(encodeURIComponent).join("/");
					await api.post(`/runs/${path}`, change);
					this.#hear({ kind: "steered", runId, load, change });
					return;
				}
				case "inject":
					answered(...injectedNotice(await api.post<FaultRecord>("/faults", effect.fault)));
					break;
				case "heal": {
					const path = `/faults/${encodeURIComponent(effect.id)}`;
					answered(...healedNotice(await api.delete<FaultRecord>(path)));
					break;
				}
				case "heal all":
					answered(...healedAllNotice(await api.post<HealedAll>("/heal")));
					break;
				case "release":
					await api.post("/heal/release");
					answered("new runs and faults are let in again", "good");
					break;
				case "look at kinds": {
					const { kinds } = await api.get<{ kinds: KindRow[] }>("/faults/kinds");
					this.#hear({ kind: "kinds", kinds });
					return;
				}
				case "refresh":
					await this.refresh();
					break;
				default:
					effect satisfies never;
			}
			await this.poll();
		} catch (error) {
			answered(messageOf(error), "bad");
		}
	}

	/** What this run will be held against; without it the charts are poorer, and nothing else. */
	async #accepted(runId: string): Promise<void> {
		try {
			const path = `/runs/${encodeURIComponent(runId)}/accepted`;
			const { loads } = await this.#options.api.get<{ loads: AcceptedLoad[] }>(path);
			this.#hear({ kind: "accepted", runId, loads });
		} catch {
			// The poll says it when the daemon is away.
		}
	}

	async #stream(following: {
		runId: string;
		ended: boolean;
		abort: AbortController;
	}): Promise<void> {
		const { runId, abort } = following;
		const { api } = this.#options;
		try {
			for await (const event of api.events(runId, abort.signal)) {
				if (abort.signal.aborted) return;
				this.#hear({ kind: "event", runId, event });
				following.ended = event.type === "end";
			}
			const document = await api.run(runId);
			// A run that an earlier daemon lost has a record but no last event.
			if (document.endedAt !== null) following.ended = true;
			this.#hear({ kind: "document", document });
			if (following.ended) await this.refresh(); // the scenario has a new last verdict
		} catch {
			// The poll says it when the daemon is away.
		}
		if (!following.ended && this.#following === following) this.#following = null;
	}

	#hear(input: InputBody): void {
		this.#options.hear({ ...input, nowMs: this.#options.nowMs() });
	}

	#away(message: string, refused: boolean): void {
		this.#hear({ kind: "away", message, refused });
	}
}

type WithoutNow<T> = T extends unknown ? Omit<T, "nowMs"> : never;
type InputBody = WithoutNow<Input>;

/** An error that the daemon sent is an answer too. */
function isAnswer(error: unknown): boolean {
	return error instanceof FaultlineError && error.code !== "FLT_NO_DAEMON";
}

function isRefused(error: unknown): boolean {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		if (codeOf(cause) === "ECONNREFUSED") return true;
	}
	return false;
}
