import t from "tap";
import type {
	Answer,
	Run,
	ToolChange,
} from "../../../../../scenarios/contracts/contract-gate/datacontract/answer.ts";
import { contractChanges } from "../../../../../scenarios/contracts/contract-gate/datacontract/contract-changes.ts";
import {
	changesText,
	judgedChange,
} from "../../../../../scenarios/contracts/contract-gate/datacontract/judged-changes.ts";
import {
	judgedStatement,
	judgesOf,
	statementsText,
} from "../../../../../scenarios/contracts/contract-gate/datacontract/judged-statements.ts";
import { statements } from "../../../../../scenarios/contracts/contract-gate/datacontract/statements.ts";
import { readContract } from "../../../../../scenarios/subjects/gate/odcs.ts";
import type { Trial } from "../../../../../scenarios/subjects/gate/scratch.ts";
import { database, failed } from "../../../subjects/gate/fake-database.ts";

const [statement] = statements;

/** A gate that blocks what has this in it, and a tool that always finds the same. */
function both(blocked: string, toolFails: boolean) {
	const result = toolFails ? "failed" : "passed";
	const checks = [
		{ type: "field_required", model: "things", field: "value", result, reason: "it says" } as const,
	];
	const answer: Answer = {
		version: "1",
		contracts: [
			{
				file: "things.odcs.yaml",
				lint: { result: "passed", checks: [] },
				test: { result, checks },
				breaking: null,
			},
		],
	};
	return {
		scratch: {
			findings: async ({ steps }: Trial) =>
				steps[0]!.sql === blocked ? [{ place: ["things"], rule: "it", why: "so" }] : [],
		},
		tool: { ask: async () => answer },
		database: database({}),
	};
}

t.test("what is judged is let pass where it is kept, and blocked where it is broken", async (t) => {
	t.equal(judgesOf(false, true), "judges");
	t.equal(judgesOf(false, false), "passes over");
	t.equal(judgesOf(true, true), "refuses");
	t.equal(judgesOf(true, false), "says the contrary");

	const { breaks, keeps } = statement!;
	t.match(await judgedStatement(both(breaks, false), statement!), {
		ours: "judges",
		theirs: "passes over",
		why: [],
	});
	t.match(await judgedStatement(both(keeps, true), statement!), {
		ours: "says the contrary",
		theirs: "refuses",
		why: ["gate: so", "tool: it says"],
	});
	const unmade = { ...both(breaks, false), database: database({ things: failed("42601") }) };
	await t.rejects(judgedStatement(unmade, statement!), {
		message: /required, and a null is there/,
	});
});

t.test("the table has what one of them does not judge, and the sums are of all", (t) => {
	const text = statementsText([
		{ name: "rowCount", ours: "judges", theirs: "judges", why: [] },
		{ name: "multipleOf", ours: "judges", theirs: "passes over", why: [] },
		{ name: "relationships", ours: "refuses", theirs: "passes over", why: ["gate: so"] },
	]);
	t.match(
		text,
		"of 3 statements our gate judges 2, passes over 0, refuses 1; the tool judges 1, passes over 2, refuses 0",
	);
	t.match(text, "| relationships | refuses | passes over | gate: so |");
	t.notMatch(text, "rowCount");
	t.end();
});

t.test("a change is told by the strongest word that is said of it", async (t) => {
	const [change] = contractChanges;
	const saying = (...levels: ToolChange["level"][]) => {
		const breaking = levels.map((level) => ({ path: "schema", level, message: "it" }));
		const run: Run = { result: "passed", checks: [] };
		const contracts = [{ file: "things.odcs.yaml", lint: run, test: run, breaking }];
		return { tool: { ask: async () => ({ version: "1", contracts }) } };
	};
	const theirs = async (...levels: ToolChange["level"][]) =>
		(await judgedChange(saying(...levels), change!)).theirs;
	t.equal(await theirs("info", "error", "warning"), "error");
	t.equal(await theirs("info", "warning"), "warning");
	t.equal(await theirs("info"), "info");
	t.equal(await theirs(), "unseen");
});

t.test(
	"of the gate itself all changes of a contract are told as they are, but for one",
	async (t) => {
		const tool = { ask: async () => ({ version: "1", contracts: [] }) };
		const all = [];
		for (const one of contractChanges) all.push(await judgedChange({ tool }, one));
		t.same(
			all.filter(({ effect, ours }) => effect !== ours).map(({ name, ours }) => [name, ours]),
			[["fresher", "breaking"]],
		);
		const text = changesText(all);
		t.match(text, `our gate tells ${all.length - 1} as they are`);
		t.match(text, "| fresher | additive | breaking | unseen |");
		t.notMatch(text, "| a purpose |");
	},
);

t.test("each statement is a contract by the standard's own schema, by a name of its own", (t) => {
	const changed = contractChanges.flatMap(({ name, before, after }) => [
		{ name, contract: before },
		{ name, contract: after },
	]);
	for (const { name, contract } of [...statements, ...changed])
		t.match(readContract("it.odcs.yaml", JSON.stringify(contract)), { contract: {} }, name);
	t.equal(new Set(statements.map(({ name }) => name)).size, statements.length);
	t.end();
});
