import t from "tap";
import {
	Changes,
	kindNames,
} from "../../../../scenarios/contracts/contract-gate/changes/changes.ts";
import {
	changesOf,
	compare,
} from "../../../../scenarios/contracts/contract-gate/compare-datacontract.ts";
import type {
	Answer,
	Contracts,
} from "../../../../scenarios/contracts/contract-gate/datacontract/answer.ts";
import { database, failed } from "../../subjects/gate/fake-database.ts";

const count = 24;
const answer: Answer = { version: "1.2.3", contracts: [] };

/** Gate and tool that find nothing, and what they were asked. */
function both(answers: Parameters<typeof database>[0] = {}) {
	const asked: { gate: number[]; tool: [schema: string, after: Contracts][] } = {
		gate: [],
		tool: [],
	};
	return {
		asked,
		gate: {
			async findings({ n }: { n: number }) {
				asked.gate.push(n);
				return [];
			},
		},
		tool: {
			async ask(_: Contracts, after: Contracts, schema: string) {
				asked.tool.push([schema, after]);
				return answer;
			},
		},
		database: database(answers),
	};
}

t.test(
	"both are asked about each change of the seed that leads to a state, in its order",
	async (t) => {
		const planned = Array.from(changesOf(3, count)).slice(0, count);
		const given = both();
		const { outcomes, version } = await compare(3, planned, given);
		t.equal(version, "1.2.3");
		const withState = planned.filter(({ way }) => way.kind !== "push");
		t.ok(withState.length < count, "there are pushes among them");
		t.same(
			given.asked.gate,
			withState.map(({ n }) => n),
		);
		t.equal(given.asked.tool.length, withState.length);
		t.equal(new Set(given.asked.tool.map(([schema]) => schema)).size, withState.length);
		t.same(
			outcomes.map((one) => (one.asked ? one.compared.truth : one.unasked)),
			planned.map(({ way, kind, truth }) => (way.kind === "push" ? { kind, why: "push" } : truth)),
		);
		for (const [schema] of given.asked.tool)
			t.ok(given.database.asked.includes(`drop schema if exists ${schema} cascade`), schema);
	},
);

t.test("kinds that the seed does not bring come after those that it does, once each", (t) => {
	const all = [...changesOf(3, count)];
	const changes = new Changes(3);
	t.same(
		all.slice(0, count).map(({ kind }) => kind),
		Array.from({ length: count }, (_, n) => changes.at(n).kind),
	);
	t.same([...new Set(all.map(({ kind }) => kind))].sort(), [...kindNames].sort());
	t.equal(new Set(all.map(({ n }) => n)).size, all.length, "each has a number of its own");
	t.end();
});

t.test("nobody is asked where the migrations lead to no state", async (t) => {
	const given = both({ "create table": failed("42P07") });
	const { outcomes } = await compare(3, Array.from(changesOf(3, 0)).slice(0, 4), given);
	t.same(given.asked, { gate: [], tool: [] });
	t.ok(outcomes.every((one) => !one.asked));
});
