import { codeOf, messageOf } from "../../base/errors.ts";
import { redacted } from "../../base/redact.ts";
import { appendNight, type NightRecord, nightRecordOf, readNights } from "../compare/nights.ts";
import { describeFile, nameOf } from "../host/catalog.ts";
import { isFile } from "../host/named.ts";
import type { ScenarioDescription } from "../host/protocol.ts";
import type { RunDocument } from "../record/document.ts";
import { environment, versions } from "../record/environment.ts";
import { verdictOf } from "../summary/outcome.ts";
import { nightChanges } from "./changes.ts";
import {
	type Change,
	headlineOf,
	type Missed,
	type NightlyDocument,
	type NightlyDuet,
	type NightlyResult,
} from "./document.ts";
import { performDuets } from "./duets.ts";
import { isSuspected, type Judged, judgeNight, judgeRun, timingCounts } from "./judge.ts";
import type { NightlyPlan } from "./settings.ts";
import { budgetUsedUp, type NightlyWork } from "./work.ts";

export interface NightlyAsked {
	id: string;
	/** Its date, in the time zone of the schedule. */
	night: string;
	askedBy: NightlyDocument["askedBy"];
	plan: NightlyPlan;
	missed: readonly Missed[];
}

/** A scenario that is to be run, or why it can't be. */
type Entry = { name: string } & (
	| { description: ScenarioDescription }
	| { error: NonNullable<NightlyResult["error"]> }
);
type Step = { entry: Entry; guard: "on" | "off" };

/**
 * All of a night: every scenario first, and then duets, which take their time, while the budget lasts. What goes wrong
 * with one scenario is its result, and keeps no other from running.
 */
export async function performNightly(
	asked: NightlyAsked,
	work: NightlyWork,
): Promise<NightlyDocument> {
	const { id, night, askedBy, plan, missed } = asked;
	const startMs = work.nowMs();
	const leftMs = () => plan.budgetMs - (work.nowMs() - startMs);
	const steps = stepsOf(await entriesOf(plan, work));
	const of = steps.length + plan.duets.length;
	const judged: { step: Step; one: Judged }[] = [];
	const found = new Map<Step, NightlyResult>();
	const changes: Change[] = [];
	for (const [done, step] of steps.entries()) {
		const { entry, guard } = step;
		const why = work.stopped() ?? (leftMs() > 0 ? null : budgetUsedUp(plan));
		if ("error" in entry || why !== null) {
			const error = "error" in entry ? entry.error : { code: "FLT_CONFLICT", message: why! };
			found.set(step, resultOfNone(step, error));
			continue;
		}
		work.step(guard === "on" ? entry.name : `${entry.name} guard=off`, done, of);
		try {
			const nights = readNights(work.history, entry.name);
			const one = await runAndJudge(entry.description, guard, { plan, work, nights });
			judged.push({ step, one });
			if (guard === "on") changes.push(...keep(one, nights, night, work.history));
		} catch (error) {
			const code = codeOf(error) ?? "FLT_INTERNAL";
			found.set(step, resultOfNone(step, { code, message: messageOf(error) }));
		}
	}
	const { results, held } = judgeNight(judged.map(({ one }) => one));
	for (const [i, { step }] of judged.entries()) found.set(step, results[i]!);
	const all = steps.map((step) => found.get(step)!);
	const duets: NightlyDuet[] = await performDuets(plan, night, {
		work,
		leftMs,
		changes,
		describe: (scenario) => describe(scenario, work),
		step: (what, done) => work.step(what, steps.length + done, of),
	});
	const stopped = work.stopped();
	const { webhook: _, ...shown } = plan;
	return {
		schema: 1,
		id,
		night,
		askedBy,
		startedAt: new Date(startMs).toISOString(),
		endedAt: new Date(work.nowMs()).toISOString(),
		...verdictOf(all, duets, stopped),
		headline: headlineOf(all, duets, stopped),
		stopped,
		plan: redacted(shown),
		missed: [...missed],
		results: all,
		duets,
		changes,
		judgedByHistory: held,
		environment: environment(),
		versions: versions(),
	};
}

async function entriesOf(plan: NightlyPlan, work: NightlyWork): Promise<Entry[]> {
	if (plan.scenarios === null)
		return (await work.catalog.list()).map((entry) =>
			entry.kind === "scenario"
				? { name: nameOf(entry), description: entry.description }
				: { name: entry.name, error: { code: "FLT_SCENARIO_BROKEN", message: entry.error } },
		);
	const entries: Entry[] = [];
	for (const scenario of plan.scenarios) {
		try {
			const description = await describe(scenario, work);
			entries.push({ name: description.name, description });
		} catch (error) {
			const code = codeOf(error) ?? "FLT_INTERNAL";
			entries.push({ name: scenario, error: { code, message: messageOf(error) } });
		}
	}
	return entries;
}

function describe(scenario: string, { catalog }: NightlyWork): Promise<ScenarioDescription> {
	return isFile(scenario) ? describeFile(scenario) : catalog.find(scenario);
}

function stepsOf(entries: readonly Entry[]): Step[] {
	return entries.flatMap((entry): Step[] => {
		const hasTwin = "description" in entry && entry.description.guarded;
		return hasTwin
			? [
					{ entry, guard: "on" },
					{ entry, guard: "off" },
				]
			: [{ entry, guard: "on" }];
	});
}

/** A run, and up to two more of it while something is suspected: a repeat that is well has cleared it. */
async function runAndJudge(
	description: ScenarioDescription,
	guard: "on" | "off",
	{ plan, work, nights }: { plan: NightlyPlan; work: NightlyWork; nights: readonly NightRecord[] },
): Promise<Judged> {
	const { size, seed, allowDestructive } = plan;
	const common = { size, seed, ...(allowDestructive && { allowDestructive }) };
	const given = description.guarded ? { ...common, guard } : common;
	const run = await work.run(description, given);
	const baseline = work.baselines.find(description.name);
	const repeats: RunDocument[] = [];
	let judged = judgeRun(run, repeats, baseline, nights);
	while (isSuspected(judged) && repeats.length < repeatsMax && work.stopped() === null) {
		repeats.push(await work.run(description, given));
		judged = judgeRun(run, repeats, baseline, nights);
	}
	return judged;
}
const repeatsMax = 2;

/** Keeps the night's runs whose timings count, and tells where a level has changed, this night included. */
function keep(
	{ run, repeats }: Judged,
	before: readonly NightRecord[],
	night: string,
	history: string,
): Change[] {
	const records = [run, ...repeats].filter(timingCounts).map((one) => nightRecordOf(one, night));
	for (const record of records) appendNight(history, run.scenario, record);
	return nightChanges(run, [...before, ...records]);
}

function resultOfNone(
	{ entry: { name: scenario }, guard }: Step,
	error: NonNullable<NightlyResult["error"]>,
): NightlyResult {
	return {
		scenario,
		guard,
		outcome: "not_run",
		why: error.message,
		run: null,
		error,
		repeats: [],
		baseline: null,
		notes: [],
		metrics: [],
	};
}
