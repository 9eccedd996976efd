import { parseArgs } from "node:util";
import { stream } from "faultline";
import { variable } from "faultline/subject";
import { changeText } from "./changes/change.ts";
import { Changes, changeOf, kindNames, type Planned } from "./changes/changes.ts";
import { type Opinion, opinionOf } from "./datacontract/answer.ts";
import { type Both, withBoth } from "./datacontract/both.ts";
import { proposedBy } from "./datacontract/case.ts";
import { type Outcome, reasonOf, saidOf } from "./datacontract/compared.ts";
import { reportText } from "./datacontract/report.ts";
import { withState } from "./datacontract/state.ts";
import { firstShop } from "./shop/shop.ts";

// Our gate and datacontract-cli, asked about the same changes of a seed: `SCRATCH_URL=postgres://… node compare-datacontract.ts
// --changes 120 --seed 1`, with a `python3` on the PATH that has the tool. The role of SCRATCH_URL may make schemas.

/** The first so many changes of a seed, and after them one of each kind that is not among them, made of the shop as it is at first. */
export function* changesOf(seed: number, count: number): Generator<Planned> {
	const changes = new Changes(seed);
	const met = new Set<string>();
	for (let n = 0; n < count; n++) {
		met.add(changes.at(n).kind);
		yield changes.at(n);
	}
	const others = kindNames.filter((kind) => !met.has(kind));
	for (const [at, kind] of others.entries()) {
		const change = changeOf(kind, stream(seed, kind), firstShop(seed), count + at);
		if (change !== null) yield change;
	}
}

/** What became of them, and the version of the tool that was asked. */
export async function compare(
	seed: number,
	changes: Iterable<Planned>,
	both: Pick<Both, "gate" | "tool" | "database">,
): Promise<{ outcomes: Outcome[]; version: string }> {
	const outcomes: Outcome[] = [];
	let version = "unknown";
	for (const change of changes) {
		const proposed = proposedBy(change);
		if (proposed === null) {
			outcomes.push(unasked(change, "push"));
			continue;
		}
		const schema = `compared_${process.pid}_${change.n}`;
		const answer = await withState(both.database, schema, proposed, async (state) =>
			state.kind === "made"
				? both.tool.ask(change.before.contracts, proposed.shop.contracts, schema)
				: null,
		);
		if (answer === null) {
			outcomes.push(unasked(change, "no state"));
			continue;
		}
		version = answer.version;
		const theirs = opinionOf(answer, change.before.contracts, proposed.shop.contracts);
		outcomes.push(await asked(seed, change, theirs, both));
	}
	return { outcomes, version };
}

async function asked(
	seed: number,
	change: Planned,
	theirs: Opinion,
	{ gate }: Pick<Both, "gate">,
): Promise<Outcome> {
	const { n, kind, truth } = change;
	const ours = await gate.findings(change);
	const name = `${n} ${kind} of seed ${seed}`;
	return { asked: true, compared: { name, kind, text: changeText(change), truth, ours, theirs } };
}

function unasked({ kind }: Planned, why: "push" | "no state"): Outcome {
	return { asked: false, unasked: { kind, why } };
}

if (import.meta.main) {
	const { values } = parseArgs({
		options: {
			changes: { type: "string", default: "120" },
			seed: { type: "string", default: "1" },
		},
	});
	const [count, seed] = [Number(values.changes), Number(values.seed)];
	const url = variable("SCRATCH_URL");
	const { outcomes, version } = await withBoth(url, seed, (both) =>
		compare(seed, changesOf(seed, count), both),
	);
	console.log(reportText(version, outcomes));
	const unexplained = outcomes.some(
		(one) =>
			one.asked &&
			saidOf(one.compared).startsWith("only") &&
			reasonOf(one.compared) === "unexplained",
	);
	process.exitCode = unexplained ? 1 : 0;
}
