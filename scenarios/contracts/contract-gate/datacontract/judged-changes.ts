import type { Effect } from "../../../subjects/gate/stated.ts";
import { differencesOf } from "../../../subjects/gate/versions.ts";
import type { Both } from "./both.ts";
import type { ContractChange } from "./contract-changes.ts";
import { markdown } from "./markdown.ts";

export interface ChangeJudged {
	name: string;
	effect: Effect;
	ours: Effect;
	/** Its strongest word, or that it sees nothing. */
	theirs: "error" | "warning" | "info" | "unseen";
}

/** The tool is asked for its `breaking` alone: there is no table. */
export async function judgedChange(
	{ tool }: Pick<Both, "tool">,
	{ name, effect, before, after }: ContractChange,
): Promise<ChangeJudged> {
	const file = "things.odcs.yaml";
	const { contracts } = await tool.ask({ [file]: before }, { [file]: after }, "nowhere");
	const levels = contracts.flatMap(({ breaking }) => breaking ?? []).map(({ level }) => level);
	const theirs = (["error", "warning", "info"] as const).find((level) => levels.includes(level));
	const ours = differencesOf(before, after).map((one) => one.effect);
	return {
		name,
		effect,
		ours: (["breaking", "additive"] as const).find((one) => ours.includes(one)) ?? "none",
		theirs: theirs ?? "unseen",
	};
}

/** Where one of them is wrong about whether readers break, and how often they are not. */
export function changesText(all: readonly ChangeJudged[]): string {
	const isWrong = {
		ours: ({ effect, ours }: ChangeJudged) => effect !== ours,
		theirs: ({ effect, theirs }: ChangeJudged) => (effect === "breaking") !== (theirs === "error"),
	};
	const wrong = all.filter((one) => isWrong.ours(one) || isWrong.theirs(one));
	const right = (who: "ours" | "theirs") => all.filter((one) => !isWrong[who](one)).length;
	const rows = wrong.map(({ name, effect, ours, theirs }) => [name, effect, ours, theirs]);
	return `of ${all.length} changes of a contract our gate tells ${right("ours")} as they are, the tool ${right("theirs")}\n\n${markdown([["change", "it is", "our gate", "the tool"], ...rows])}`;
}
