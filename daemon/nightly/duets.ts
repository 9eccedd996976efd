import { messageOf } from "../../base/errors.ts";
import { quickLooks } from "../compare/looks.ts";
import type { ScenarioDescription } from "../host/protocol.ts";
import type { RunDocument } from "../record/document.ts";
import type { Look } from "../record/duet.ts";
import { appendRatio, ratioChanges, ratioRecordOf, readRatios, variantsText } from "./changes.ts";
import { type Change, duetTitle, type NightlyDuet } from "./document.ts";
import type { DuetEntry, NightlyPlan } from "./settings.ts";
import { budgetUsedUp, type NightlyWork } from "./work.ts";

interface Duets {
	work: NightlyWork;
	leftMs(): number;
	/** What is found goes there. */
	changes: Change[];
	describe(scenario: string): Promise<ScenarioDescription>;
	step(what: string, done: number): void;
}

/** One look at one pair: it judges nothing, and its pair is kept as the host's noise. */
const noiseLooks: readonly Look[] = [{ pairs: 1, alpha: 0.0083 }];

/** Each duet in turn, with a pair of the pinned variant against itself, while the budget lasts. */
export async function performDuets(
	plan: NightlyPlan,
	night: string,
	duets: Duets,
): Promise<NightlyDuet[]> {
	const done: NightlyDuet[] = [];
	for (const entry of plan.duets) {
		const { scenario, a, b } = entry;
		const none: NightlyDuet = {
			scenario,
			a,
			b,
			outcome: "not_run",
			told: null,
			why: "",
			sentences: [],
			pairs: 0,
			dropped: 0,
			runId: null,
			noiseRunId: null,
		};
		const why = duets.work.stopped() ?? (duets.leftMs() > 0 ? null : budgetUsedUp(plan));
		if (why !== null) {
			done.push({ ...none, why });
			continue;
		}
		try {
			const description = await duets.describe(scenario);
			const named = { ...none, scenario: description.name };
			duets.step(duetTitle(named), done.length);
			done.push(await performOne({ entry, description, none: named }, plan, night, duets));
		} catch (error) {
			done.push({ ...none, outcome: "invalid", why: messageOf(error) });
		}
	}
	return done;
}

async function performOne(
	{
		entry,
		description,
		none,
	}: { entry: DuetEntry; description: ScenarioDescription; none: NightlyDuet },
	{ size, seed, allowDestructive, budgetMs }: NightlyPlan,
	night: string,
	{ work, leftMs, changes }: Duets,
): Promise<NightlyDuet> {
	const { a, b, shape } = entry;
	const duet = (variantB: DuetEntry["b"], looks: readonly Look[]) =>
		work.run(
			description,
			{ size, seed, ...(allowDestructive && { allowDestructive }) },
			{
				kind: "duet",
				plan: { shape, looks },
				variants: { a: { params: a, urls: {} }, b: { params: variantB, urls: {} } },
			},
		);
	const run = await duet(b, quickLooks);
	const told = toldOf(run, none);
	const variants = variantsText({ a, b });
	const ratio = ratioRecordOf(run, night, variants);
	if (ratio !== null) {
		appendRatio(work.history, description.name, ratio);
		const records = readRatios(work.history, description.name);
		changes.push(...ratioChanges(description.name, records, ratio));
	}
	if (work.stopped() !== null || leftMs() <= 0)
		return {
			...told,
			sentences: [...told.sentences, `no pair for the noise: ${budgetUsedUp({ budgetMs })}`],
		};
	const noise = await duet(a, noiseLooks);
	return { ...told, noiseRunId: noise.runId };
}

/** A host that is too restless to tell is no fault of the scenario's: only what regressed fails the night. */
function toldOf(run: RunDocument, none: NightlyDuet): NightlyDuet {
	const { duet, runId, verdict, state, reasons } = run;
	if (duet === null) {
		const why = reasons.map(({ message }) => message).join("; ") || `the duet is ${state}`;
		return { ...none, outcome: "invalid", why, runId };
	}
	const { pairs, verdict: told } = duet;
	const outcome = told.outcome === "regressed" ? "regressed" : "as_expected";
	return {
		...none,
		runId,
		outcome,
		told: told.outcome,
		why: told.why,
		sentences: [
			...told.metrics.map(({ sentence }) => sentence),
			...(verdict === "invalid" ? reasons.map(({ message }) => `note: ${message}`) : []),
		],
		pairs: pairs.length,
		dropped: pairs.filter(({ dropped }) => dropped !== null).length,
	};
}
