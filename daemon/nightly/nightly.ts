import { FaultlineError, messageOf } from "../../base/errors.ts";
import type { BaselineStore } from "../compare/baseline-store.ts";
import type { Home } from "../home/home.ts";
import type { ScenarioCatalog } from "../host/catalog.ts";
import type { RunManager } from "../runs/manager.ts";
import { RunSequence } from "../runs/sequence.ts";
import type { Missed, NightlyDocument } from "./document.ts";
import { performNightly } from "./perform-nightly.ts";
import {
	followSchedule,
	plannedBetween,
	readSchedule,
	type Schedule,
	type ScheduleClock,
	wallClock,
} from "./schedule.ts";
import type { NightlyPlan, NightlySettings } from "./settings.ts";
import { dayOf, NightlyStore, nightlyIdOf } from "./store.ts";
import { deliver } from "./webhook.ts";

export interface NightlyOptions {
	settings: NightlySettings;
	runs: Pick<RunManager, "start" | "stop" | "lastTry">;
	catalog: Pick<ScenarioCatalog, "list" | "find">;
	baselines: Pick<BaselineStore, "find">;
	home: Pick<Home, "history" | "nightly">;
	log(line: string): void;
	clock?: ScheduleClock;
}

/** The nightly that is under way. */
export interface RunningNightly {
	id: string;
	askedBy: NightlyDocument["askedBy"];
	startedAt: string;
	/** What it does now. */
	step: string;
	done: number;
	of: number;
}

/** What `GET /nightly` answers. */
export interface NightlyStatus {
	running: RunningNightly | null;
	/** The next planned instant; null where nothing is planned. */
	next: string | null;
	/** Planned nightlies that did not happen, and that no summary has told yet. */
	missed: Missed[];
	last: NightlyDocument | null;
}

/**
 * The nightlies of this home: when asked and by the schedule, one at a time. It lives in the daemon, beside the queue
 * that its runs wait in: so the daemon's own lock is what keeps two of them apart, and its end is theirs.
 */
export class Nightly {
	readonly #options: NightlyOptions;
	readonly #clock: ScheduleClock;
	readonly #store: NightlyStore;
	readonly #schedule: Schedule | null;
	readonly #gone = new AbortController();
	#following: ReturnType<typeof followSchedule> | null = null;
	#running:
		| (RunningNightly & { runs: RunSequence; ended: Promise<NightlyDocument | null> })
		| null = null;
	#closed = false;
	#delivery: Promise<unknown> = Promise.resolve();

	private constructor(options: NightlyOptions, schedule: Schedule | null) {
		this.#options = options;
		this.#clock = options.clock ?? wallClock;
		this.#store = new NightlyStore(options.home.nightly);
		this.#schedule = schedule;
	}

	/** Reads the schedule (`FLT_USAGE` where it makes no sense), and says which planned nights nobody served. */
	static async open(options: NightlyOptions): Promise<Nightly> {
		const { at, timeZone } = options.settings;
		const nightly = new Nightly(options, at === null ? null : await readSchedule(at, timeZone));
		nightly.#catchUp();
		return nightly;
	}

	/** From now on planned nightlies begin by themselves. */
	follow(): void {
		if (this.#schedule === null) return;
		this.#following = followSchedule(this.#schedule, this.#clock, {
			due: (plannedMs) => {
				this.#served(plannedMs);
				try {
					this.start({}, "schedule");
				} catch (error) {
					this.#miss(plannedMs, messageOf(error));
				}
			},
			missed: (plannedMs) => {
				this.#served(plannedMs);
				this.#miss(plannedMs, "this machine slept, or its clock was set");
			},
		});
	}

	status(): NightlyStatus {
		const next = this.#following?.nextMs() ?? this.#schedule?.nextAfter(this.#clock.nowMs());
		return {
			running: this.#running === null ? null : shown(this.#running),
			next: next === undefined ? null : new Date(next).toISOString(),
			missed: this.#store.readState().missed,
			last: this.#store.last(),
		};
	}

	read(id: string): NightlyDocument {
		return this.#store.read(id);
	}

	/** Begins one, by the settings where nothing else is asked for; `FLT_CONFLICT` while another runs. */
	start(asked: Partial<NightlyPlan>, askedBy: NightlyDocument["askedBy"]): RunningNightly {
		if (this.#closed) throw new FaultlineError("FLT_CONFLICT", "the daemon ends", "start it again");
		if (this.#running !== null) {
			const { id, startedAt, askedBy: by, step, done, of } = this.#running;
			throw new FaultlineError(
				"FLT_CONFLICT",
				`nightly ${id} runs since ${startedAt}, asked for by ${by === "person" ? "a person" : "the schedule"}; it is at ${step} (${done} of ${of})`,
				"wait for it, or stop it with POST /nightly/stop",
			);
		}
		const { settings } = this.#options;
		const startMs = this.#clock.nowMs();
		const { at: _, timeZone, ...standard } = settings;
		const state = this.#store.readState();
		const head = { id: nightlyIdOf(startMs), startedAt: new Date(startMs).toISOString() };
		this.#store.saveState({ ...state, running: head });
		const plan = { ...standard, ...asked };
		const about = { ...head, askedBy, step: "looking for scenarios", done: 0, of: 0 };
		const night = dayOf(startMs, timeZone);
		const runs = new RunSequence(this.#options.runs);
		const ended = this.#perform({ ...about, night, plan, missed: state.missed }, runs);
		this.#running = { ...about, runs, ended };
		return about;
	}

	/** Ends the one that runs, whose summary tells what was done; null where none runs. */
	async stop(why: string): Promise<NightlyDocument | null> {
		if (this.#running === null) return null;
		const { runs, ended } = this.#running;
		await runs.stop(why);
		return ended;
	}

	/** The daemon ends: no more of them, and the last summary goes out or is given up. */
	async close(why: string): Promise<void> {
		this.#closed = true;
		this.#following?.stop();
		if (this.#following !== null) this.#served(this.#clock.nowMs());
		await this.stop(why);
		const giveUp = setTimeout(() => this.#gone.abort(), farewellMs);
		await this.#delivery;
		clearTimeout(giveUp);
	}

	async #perform(
		asked: Parameters<typeof performNightly>[0],
		runs: RunSequence,
	): Promise<NightlyDocument | null> {
		const { catalog, baselines, home, log } = this.#options;
		const { id, plan, missed } = asked;
		log(`nightly ${id} begins`);
		try {
			const document = await performNightly(asked, {
				catalog,
				baselines,
				history: home.history,
				run: (...request) => runs.run(...request),
				nowMs: this.#clock.nowMs,
				stopped: () => runs.stopped,
				step: (step, done, of) => {
					if (this.#running !== null) Object.assign(this.#running, { step, done, of });
					log(`nightly ${id}: ${step} (${done + 1} of ${of})`);
				},
			});
			this.#store.save(document);
			const state = this.#store.readState();
			const told = new Set(missed.map(({ plannedAt }) => plannedAt));
			const untold = state.missed.filter(({ plannedAt }) => !told.has(plannedAt));
			this.#store.saveState({ ...state, missed: untold, running: null });
			log(`nightly ${id}: ${document.headline}`);
			if (plan.webhook !== null) this.#deliver(plan.webhook, document);
			return document;
		} catch (error) {
			log(`nightly ${id} has no summary: ${messageOf(error)}`);
			return null;
		} finally {
			this.#running = null;
		}
	}

	#deliver(url: string, document: NightlyDocument): void {
		const { log } = this.#options;
		const delivery = deliver(url, document, { log, signal: this.#gone.signal });
		this.#delivery = Promise.all([this.#delivery, delivery]);
	}

	/** What an earlier daemon left open: a nightly that it did not end, and planned ones that nobody began. */
	#catchUp(): void {
		const { settings, log } = this.#options;
		const { at, timeZone } = settings;
		const state = this.#store.readState();
		const missed: Missed[] = [];
		if (state.running !== null) {
			const { id, startedAt } = state.running;
			missed.push({ plannedAt: startedAt, why: `nightly ${id} was cut off with its daemon` });
		}
		const nowMs = this.#clock.nowMs();
		const isSame = state.at === at && state.timeZone === timeZone && state.servedUntil !== null;
		if (this.#schedule !== null && isSame)
			for (const ms of plannedBetween(this.#schedule, Date.parse(state.servedUntil!), nowMs))
				missed.push({ plannedAt: new Date(ms).toISOString(), why: "no daemon ran" });
		for (const { plannedAt, why } of missed)
			log(`the nightly of ${plannedAt} did not happen: ${why}; it is not made up for`);
		const servedUntil = this.#schedule === null ? null : new Date(nowMs).toISOString();
		const all = [...state.missed, ...missed].slice(-missedMax);
		if (missed.length > 0 || at !== null || state.at !== null)
			this.#store.saveState({ ...state, at, timeZone, servedUntil, missed: all, running: null });
	}

	#served(ms: number): void {
		const servedUntil = new Date(ms).toISOString();
		this.#store.saveState({ ...this.#store.readState(), servedUntil });
	}

	#miss(plannedMs: number, why: string): void {
		const plannedAt = new Date(plannedMs).toISOString();
		this.#options.log(`the nightly of ${plannedAt} does not happen: ${why}`);
		const state = this.#store.readState();
		const missed = [...state.missed, { plannedAt, why }].slice(-missedMax);
		this.#store.saveState({ ...state, missed });
	}
}

const farewellMs = 5_000;
const missedMax = 31;

function shown({ id, askedBy, startedAt, step, done, of }: RunningNightly): RunningNightly {
	return { id, askedBy, startedAt, step, done, of };
}
