import { opinionOf } from "./answer.ts";
import type { Both } from "./both.ts";
import { markdown } from "./markdown.ts";
import { withState } from "./state.ts";
import type { Statement } from "./statement.ts";

/** What becomes of a statement. */
export type Judges =
	| "judges"
	/** Lets pass what breaks it. */
	| "passes over"
	/** Blocks what keeps it. */
	| "refuses"
	| "says the contrary";

/** By whether they blocked the table that keeps it, and the one that breaks it. */
export function judgesOf(blockedKept: boolean, blockedBroken: boolean): Judges {
	if (blockedKept) return blockedBroken ? "refuses" : "says the contrary";
	return blockedBroken ? "judges" : "passes over";
}

export interface StatementJudged {
	name: string;
	ours: Judges;
	theirs: Judges;
	/** What was said where it was not judged. */
	why: string[];
}

export async function judgedStatement(
	{ scratch, tool, database }: Pick<Both, "scratch" | "tool" | "database">,
	{ name, contract, keeps, breaks }: Statement,
): Promise<StatementJudged> {
	const why: string[] = [];
	const ours: boolean[] = [];
	const theirs: boolean[] = [];
	for (const sql of [keeps, breaks]) {
		const steps = [{ name: "0001_things", sql }];
		const found = await scratch.findings({ before: [], steps, models: [], contracts: [contract] });
		ours.push(found.length > 0);
		const state = { migrations: [sql], models: {} };
		const schema = `stated_${process.pid}`;
		const { findings } = await withState(database, schema, state, async (made) => {
			if (made.kind === "unmade") throw new Error(`${name}: ${made.why}`);
			const contracts = { "things.odcs.yaml": contract };
			return opinionOf(await tool.ask(contracts, contracts, schema), contracts, contracts);
		});
		theirs.push(findings.length > 0);
		if (sql === keeps)
			why.push(
				...found.map((one) => `gate: ${one.why}`),
				...findings.map((one) => `tool: ${one.why}`),
			);
	}
	const [ourKept, ourBroken] = ours;
	const [theirKept, theirBroken] = theirs;
	return {
		name,
		ours: judgesOf(ourKept!, ourBroken!),
		theirs: judgesOf(theirKept!, theirBroken!),
		why,
	};
}

/** Where they differ, and how often they do not. */
export function statementsText(all: readonly StatementJudged[]): string {
	const apart = all.filter(({ ours, theirs }) => ours !== "judges" || theirs !== "judges");
	const count = (who: "ours" | "theirs", judges: Judges) =>
		all.filter((one) => one[who] === judges).length;
	const sums = (["ours", "theirs"] as const).map(
		(who) =>
			`${who === "ours" ? "our gate" : "the tool"} judges ${count(who, "judges")}, passes over ${count(who, "passes over")}, refuses ${count(who, "refuses")}`,
	);
	const rows = apart.map(({ name, ours, theirs, why }) => [name, ours, theirs, why.join("; ")]);
	return `of ${all.length} statements ${sums.join("; ")}\n\n${markdown([["statement", "our gate", "the tool", "what it says of a table that keeps it"], ...rows])}`;
}
