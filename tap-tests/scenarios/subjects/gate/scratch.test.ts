import t from "tap";
import { Scratch } from "../../../../scenarios/subjects/gate/scratch.ts";
import { database, failed } from "./fake-database.ts";

const noVerdict = { name: "NoVerdict", message: /^the scratch database: / };
const trial = {
	before: [],
	steps: [{ name: "0002_x", sql: "alter it" }],
	models: [],
	contracts: [],
};

t.test("a trial ends by taking everything back, whatever came of it", async (t) => {
	const rows: Parameters<typeof database>[0][] = [{}, { "alter it": failed("42703") }];
	for (const answers of rows) {
		const given = database(answers);
		await new Scratch(async () => given, 100).findings(trial);
		t.same(given.asked.slice(-2), ["rollback", "discard all"]);
		t.notOk(given.asked.some((text) => /commit/i.test(text)));
	}
});

t.test("migrations are run by an executor that refuses to end the transaction", async (t) => {
	const given = database({});
	await new Scratch(async () => given, 100).findings(trial);
	t.ok(given.asked.some((text) => text.includes("do 'begin execute ''alter it''; end'")));
});

t.test("what the database says of the change is a finding, by its rule", async (t) => {
	const rows: [error: Error, rule: string][] = [
		[failed("42703"), "applies"],
		[failed("42501"), "applies"],
		[failed("57014"), "time-limit"],
		[failed("2D000"), "transaction"],
		[failed("0A000", "EXECUTE of transaction commands is not implemented"), "transaction"],
		[failed("0A000", "cannot do that"), "applies"],
	];
	for (const [error, rule] of rows) {
		const found = await new Scratch(async () => database({ "alter it": error }), 100).findings(
			trial,
		);
		t.match(found, [{ place: ["0002_x"], rule }], String(error));
	}
});

t.test("what it says of itself is no verdict, and the connection is given up", async (t) => {
	const errors = [
		failed("57P01"),
		failed("08006"),
		failed("53300"),
		failed("40P01"),
		failed("55P03"),
		failed("ECONNRESET"),
		new Error("Query read timeout"),
	];
	for (const error of errors) {
		const given = database({ "alter it": error });
		await t.rejects(new Scratch(async () => given, 100).findings(trial), noVerdict, String(error));
		t.equal(given.ended, 1);
	}
	const away = new Scratch(async () => Promise.reject(failed("ECONNREFUSED")), 100);
	await t.rejects(away.findings(trial), noVerdict);
});

t.test("a trial whose end could not be taken back is no verdict either", async (t) => {
	const given = database({ rollback: failed("57P01") });
	await t.rejects(new Scratch(async () => given, 100).findings(trial), noVerdict);
});

t.test("a connection that was given up is made anew for the next", async (t) => {
	let made = 0;
	const scratch = new Scratch(
		async () => database(++made === 1 ? { "alter it": failed("57P01") } : {}),
		100,
	);
	await t.rejects(scratch.findings(trial));
	t.same(await scratch.findings(trial), []);
	await scratch.findings(trial);
	t.equal(made, 2);
});

t.test("a rule that can't be asked is found by itself, and the others are judged", async (t) => {
	const property = (name: string, query: string) => ({
		name,
		quality: [{ name: `${name}-rule`, type: "sql" as const, query, mustBe: 0 }],
	});
	const contract = {
		apiVersion: "v3.1.0",
		kind: "DataContract" as const,
		id: "shop",
		version: "1.0.0",
		status: "active",
		schema: [
			{ name: "t", properties: [property("a", "select broken"), property("b", "select two")] },
		],
	};
	const columns = ["a", "b"].map((name) => ({ name, type: "text", notNull: false }));
	const given = database({
		pg_class: [{ name: "t", kind: "table", columns, keys: [] }],
		"select broken": failed("42703"),
		"select two": [{ values: [2] }],
	});
	const found = await new Scratch(async () => given, 100).findings({
		...trial,
		contracts: [contract],
	});
	t.match(found, [
		{ place: ["t", "a"], rule: "a-rule", why: "no" },
		{ place: ["t", "b"], rule: "b-rule", why: "it is 2, and has to be = 0" },
	]);
});
