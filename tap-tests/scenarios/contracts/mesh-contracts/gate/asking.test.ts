import t from "tap";
import {
	Asking,
	type Datasets,
} from "../../../../../scenarios/contracts/mesh-contracts/gate/asking.ts";
import type { ConsumerTest } from "../../../../../scenarios/contracts/mesh-contracts/gate/consumer-test.ts";
import { Scratch } from "../../../../../scenarios/subjects/gate/scratch.ts";
import { database, failed } from "../../../subjects/gate/fake-database.ts";

const orders = {
	name: "orders_v1",
	columns: [
		{ name: "id", type: "integer" },
		{ name: "status", type: "text" },
	],
	key: ["id"],
	rows: `[{"id":1,"status":"it's paid"}]`,
};
const datasets: Datasets = new Map([["sales.orders_v1", orders]]);

function test(columns: Record<string, string> = { status: "text" }): ConsumerTest {
	return {
		consumer: "finance",
		query: "by_status",
		reads: [{ dataset: "sales.orders_v1", columns: new Map(Object.entries(columns)) }],
		sql: "select status from sales.orders_v1;",
		expect: [{ name: "status-known", query: "select count(*) from sales.orders_v1", mustBe: 0 }],
	};
}

const reads = (...columns: string[]) =>
	columns.map((column) => ({ view: "q0", dataset: "sales.orders_v1", column }));
const good = { pg_depend: reads("status"), "array[": [{ values: [0] }] };

async function asked(answers: Parameters<typeof database>[0], given = test(), of = datasets) {
	const made = database(answers);
	const asking = new Asking(new Scratch(async () => made, 100), 100);
	return { findings: await asking.findings(of, [given]), asked: made.asked };
}

t.test("a test that holds says nothing, and nothing of it is left", async (t) => {
	const { findings, asked: texts } = await asked(good);
	t.same(findings, []);
	t.same(texts.slice(-2), ["rollback", "discard all"]);
	t.notOk(texts.some((text) => /commit/.test(text)));
	t.ok(
		texts.some((text) => text.includes(`'[{"id":1,"status":"it''s paid"}]'`)),
		"the rows are loaded as they are",
	);
	t.ok(
		texts.some((text) => text.includes('create view "q0" as select status from sales.orders_v1\'')),
		"and the query is run by an executor, without what would end it",
	);
});

t.test("what is not published as it is read is found before anything is asked", async (t) => {
	const rows: [given: ConsumerTest, of: Datasets, place: string[], rule: string][] = [
		[test(), new Map(), ["sales.orders_v1"], "presence"],
		[test({ state: "text" }), datasets, ["sales.orders_v1", "state"], "presence"],
		[test({ status: "integer" }), datasets, ["sales.orders_v1", "status"], "type"],
	];
	for (const [given, of, place, rule] of rows) {
		const { findings, asked: texts } = await asked({}, given, of);
		t.match(findings, [{ place: ["finance", "by_status", ...place], rule }]);
		t.same(texts, []);
	}
});

t.test("a test reads what it says, no more and no less, and no whole rows", async (t) => {
	const more = await asked({ ...good, pg_depend: reads("status", "id") });
	t.match(more.findings, [
		{ place: ["finance", "by_status", "sales.orders_v1", "id"], rule: "reads", why: /is read/ },
	]);
	const less = await asked(good, test({ status: "text", id: "integer" }));
	t.match(less.findings, [
		{ place: ["finance", "by_status", "sales.orders_v1", "id"], rule: "reads" },
	]);
	const whole = await asked({ varattno: [{ view: "q0_0" }], ...good });
	t.match(whole.findings, [{ place: ["finance", "by_status"], rule: "reads", why: /whole rows/ }]);
	const none = await asked(
		{ ...good, pg_depend: [{ view: "q0", dataset: "sales.orders_v1", column: null }] },
		test({}),
	);
	t.same(none.findings, [], "counting rows reads no column");
});

t.test("what is expected and does not hold is named, with the number that it is", async (t) => {
	const { findings } = await asked({ ...good, "array[": [{ values: [3] }] });
	t.same(findings, [
		{ place: ["finance", "by_status"], rule: "status-known", why: "it is 3, and has to be = 0" },
	]);
	const nothing = await asked({ ...good, "array[": [{ values: [null] }] });
	t.match(nothing.findings, [{ rule: "status-known", why: /it is null/ }]);
});

t.test("what fails is asked one by one, so that it has a name", async (t) => {
	const view = await asked({ q0_0: failed("42703", "no such column"), ...good });
	t.match(view.findings, [{ place: ["finance", "by_status"], rule: "status-known" }]);
	const query = await asked({ 'create view "q0"': failed("42601", "syntax"), ...good });
	t.match(query.findings, [{ place: ["finance", "by_status"], rule: "runs", why: "syntax" }]);
	const answer = await asked({
		...good,
		"array[": failed("22012", "division by zero"),
		"count(t::text)": failed("22012", "division by zero"),
		"select value": [{ value: 0 }],
	});
	t.match(answer.findings, [{ rule: "runs", why: "division by zero" }]);
});

t.test("a database that goes away while it is asked is no verdict", async (t) => {
	const error = new Error("Connection terminated unexpectedly");
	for (const part of ["create table", "create view", "pg_depend", "array["])
		await t.rejects(asked({ ...good, [part]: error }), { name: "NoVerdict" }, part);
});
