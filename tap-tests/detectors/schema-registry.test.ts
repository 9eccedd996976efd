import { join } from "node:path";
import t from "tap";
import {
	type Proposal,
	proposalsOf,
	subjectOf,
} from "../../scenarios/contracts/schema-evolution/proposals.ts";
import { refusal } from "../../scenarios/contracts/schema-evolution/refusal.ts";
import {
	type Judge,
	Registry,
} from "../../scenarios/contracts/schema-evolution/registry-routes.ts";
import {
	type Confusion,
	confusionOf,
	type GuardTrial,
	namesPlaceAndRule,
} from "../../scenarios/kit/confusion.ts";

// Every kind of change under every rule, over seeds that nobody tuned to: TRIALS of each of SEEDS, from FROM on.

const seeds = Number(process.env.SEEDS ?? 12);
const trials = Number(process.env.TRIALS ?? 240);
const from = Number(process.env.FROM ?? 9_001);

/** What a registry that judges so says of a seed's proposals, one after another. */
async function trialsOf(file: string, seed: number, judge: Judge): Promise<GuardTrial[]> {
	const propose = new Registry(file, judge).routes["POST /subjects/:subject/versions"]!;
	const all: GuardTrial[] = [];
	for (const proposal of proposalsOf(seed, trials)) all.push(await trialOf(propose, proposal));
	return all;
}

type Propose = Registry["routes"][string];

async function trialOf(propose: Propose, { n, rule, change, schema, truth }: Proposal) {
	const fromMs = performance.now();
	const answer = (await propose({
		params: { subject: subjectOf(rule) },
		json: async () => ({ schema: JSON.stringify(schema) }),
	} as unknown as Parameters<Propose>[0])) as { status: number; body: { message: string } };
	const timeMs = performance.now() - fromMs;
	const { message } = answer.body;
	const verdict: GuardTrial["verdict"] =
		answer.status === 200
			? { kind: "passed", timeMs }
			: answer.status === 409
				? { kind: "blocked", message, timeMs }
				: { kind: "none", message };
	return { name: `${n} ${change} by ${rule}`, change, truth, verdict, smallest: null };
}

const sizes = (confusion: Confusion) =>
	Object.fromEntries(Object.entries(confusion).map(([cell, { length }]) => [cell, length]));

t.test("all that the rules state is refused with its place, and nothing else", async (t) => {
	const folder = t.testdir();
	const all: GuardTrial[] = [];
	for (let seed = from; seed < from + seeds; seed++)
		all.push(...(await trialsOf(join(folder, `${seed}.ndjson`), seed, refusal)));
	const confusion = confusionOf(all);
	for (const [change, some] of Map.groupBy(all, (trial) => trial.change))
		t.comment(`${change}: ${JSON.stringify(sizes(confusionOf(some)))}`);
	t.comment(`all: ${JSON.stringify(sizes(confusion))}`);
	const timesMs = all.flatMap(({ verdict }) => (verdict.kind === "none" ? [] : verdict.timeMs));
	const sorted = timesMs.sort((a, b) => a - b);
	const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1);
	t.comment(`a verdict takes ${at(0.5)} ms at p50, ${at(0.95)} at p95, ${at(1)} at most`);
	t.same(names(confusion.missed), []);
	t.same(names(confusion.falseAlarms), []);
	t.same(names(confusion.undecided), []);
	t.same(names(confusion.caught.filter((trial) => !namesPlaceAndRule(trial))), []);
	const { caught, passedRightly, outsidePassed } = confusion;
	const met = [caught, passedRightly, outsidePassed].map(({ length }) => length);
	t.ok(
		met.every((count) => count > 0),
		`each truth was tried: ${met}`,
	);
	t.ok(all.length >= 200 * seeds || process.env.TRIALS !== undefined, `${all.length} trials`);
});

t.test("a registry that looks at the last version alone is seen in most seeds", async (t) => {
	const folder = t.testdir();
	let seen = 0;
	for (let seed = from; seed < from + seeds; seed++) {
		const lastAlone: Judge = (rule, versions, next) => refusal(rule, versions.slice(-1), next);
		const told = await trialsOf(join(folder, `${seed}.ndjson`), seed, lastAlone);
		if (confusionOf(told).missed.length > 0) seen++;
	}
	t.ok(seen > seeds / 2, `${seen} of ${seeds}`);
});

function names(some: readonly GuardTrial[]): string[] {
	return some.map(({ name }) => name);
}
