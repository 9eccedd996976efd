import { readFileSync } from "node:fs";
import t from "tap";
import { type Round, roundsOf } from "../../../../scenarios/databases/etl-drift/drift/rounds.ts";
import type { Order } from "../../../../scenarios/databases/etl-drift/drift/world.ts";
import { decide } from "../../../../scenarios/databases/etl-drift/job/decide.ts";
import type { Memory, Rules } from "../../../../scenarios/databases/etl-drift/job/mapping.ts";
import { questionsText } from "../../../../scenarios/databases/etl-drift/job/questions.ts";
import { memoryAfter, seenOf } from "./simulated-source.ts";

const rules: Rules = JSON.parse(
	readFileSync(
		new URL("../../../../scenarios/databases/etl-drift/job/mapping.json", import.meta.url),
		"utf8",
	),
);

/** What the mapping made of each round of a seed, without a database. */
function play(seed: number, count: number): { wrong: string[]; kinds: Map<string, number> } {
	const orders = new Map<number, Order>();
	const kinds = new Map<string, number>();
	const wrong: string[] = [];
	let memory: Memory | null = null;
	for (const round of roundsOf(seed, count, 40, "shop")) {
		for (const order of round.orders) orders.set(order.orderId, order);
		for (const { kind } of round.edits) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
		const told = wrongIn(round);
		if (told !== null)
			wrong.push(`seed ${seed}, round ${round.number} (${textOf(round)}): ${told}`);
	}
	return { wrong, kinds };

	function wrongIn(round: Round): string | null {
		const room = round.edits.at(-1)?.edit.state.room ?? { wide: new Set(), statuses: [], more: {} };
		const statuses = room.statuses.length === 0 ? ["placed", "paid", "shipped"] : room.statuses;
		const beside = round.edits.some(({ kind }) => kind === "two-tables") ? "orders_v3" : null;
		const seen = seenOf(round.layout, { ...room, statuses }, orders, memory, beside);
		const asked = decide(rules, memory, seen, []);
		const truths = round.edits.flatMap(({ edit: { truth } }) =>
			truth.kind === "ambiguous" ? [truth] : [],
		);
		if (truths.length === 0 && asked.kind === "asked")
			return `asked: ${questionsText(asked.questions)}`;
		if (truths.length > 0) {
			if (asked.kind === "mapped") return "it went on";
			const text = questionsText(asked.questions);
			const lacking = truths.flatMap(({ rule, place }) =>
				[rule, ...place].filter((word) => !text.includes(word)),
			);
			if (lacking.length > 0) return `the question does not name ${lacking.join(", ")}: ${text}`;
		}
		const outcome = decide(rules, memory, seen, round.answers);
		if (outcome.kind === "asked")
			return `answered, it still asked: ${questionsText(outcome.questions)}`;
		memory = memoryAfter(rules, memory, outcome, seen);
		for (const [field, source] of Object.entries(round.layout.sources)) {
			const is = memory.sources[field];
			if (JSON.stringify(is) !== JSON.stringify(source))
				return `${field} comes from ${JSON.stringify(is)} and not from ${JSON.stringify(source)}`;
		}
		return memory.table === round.layout.table ? null : `it reads ${memory.table}`;
	}
}

function textOf({ edits }: Round): string {
	return edits.map(({ edit }) => edit.text).join("; ");
}

t.test(
	"every mappable change is followed, every ambiguous one asked about with its place, of any seed",
	(t) => {
		const all = new Map<string, number>();
		const wrong: string[] = [];
		for (let seed = 1; seed <= Number(process.env.SEEDS ?? 12); seed++) {
			const played = play(seed, 24);
			wrong.push(...played.wrong);
			for (const [kind, count] of played.kinds) all.set(kind, (all.get(kind) ?? 0) + count);
		}
		t.same(wrong.slice(0, 20), [], `${wrong.length} rounds went wrong`);
		t.comment([...all].map(([kind, count]) => `${kind} ${count}`).join(", "));
		t.equal(all.size, 20, "every kind came");
		t.end();
	},
);
