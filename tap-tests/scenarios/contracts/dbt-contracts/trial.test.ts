import t from "tap";
import { TransportError } from "../../../../load/outcome.ts";
import type { Change } from "../../../../scenarios/contracts/dbt-contracts/changes/changes.ts";
import type { GateVerdict } from "../../../../scenarios/contracts/dbt-contracts/gate.ts";
import { shopOf } from "../../../../scenarios/contracts/dbt-contracts/source.ts";
import { type Tools, tryChange } from "../../../../scenarios/contracts/dbt-contracts/trial.ts";

const shop = shopOf(1, 100);
const nulls: Change = [
	{ kind: "nulls", table: "orders", column: "status", to: "null", keys: [1, 2, 3, 4] },
	{ kind: "statistics", table: "products", column: null, to: null, keys: [] },
];
const note: Change = [
	{ kind: "column-added", table: "orders", column: "note", to: "text", keys: [] },
];

const passed: GateVerdict = { kind: "passed" };
const none: GateVerdict = { kind: "none", reason: "dbt was ended by SIGKILL" };
const blocked: GateVerdict = {
	kind: "blocked",
	findings: [{ model: "stg_orders", columns: ["status"], rule: "not_null", detail: "Got 4" }],
};

/** A database that keeps what it is told, and a gate with these answers in turn; the last one again and again. */
function tools(answers: GateVerdict[], sqlFails: (text: string) => Error | null = () => null) {
	const done: string[] = [];
	let asked = 0;
	const say = (text: string) => {
		const error = sqlFails(text);
		if (error !== null) throw error;
		done.push(text);
	};
	const all: Tools = {
		async transact(statements) {
			say(statements.join(";\n"));
		},
		async rows(query) {
			say(query);
			return [{ published: done.some((text) => text.includes("rename to marts")) }];
		},
		async gate() {
			done.push("asked");
			const verdict = answers[Math.min(asked++, answers.length - 1)]!;
			return { verdict, laps: { start: 1_000, parse: 100, build: 900 } };
		},
	};
	return { all, done, count: (text: string) => done.filter((each) => each.includes(text)).length };
}

const limits = { triesMax: 3, shrinkTriesMax: 0 };
const signal = AbortSignal.timeout(20_000);
const run = (change: Change, all: Tools, more = limits) =>
	tryChange(7, change, shop, all, more, signal);

t.test("a change that passes is published, once", async (t) => {
	const { all, count } = tools([passed]);
	const receipt = await run(note, all);
	t.match(receipt, {
		trial: 7,
		change: "column-added",
		truth: { kind: "harmless" },
		verdict: { kind: "passed" },
		interrupted: [],
		startMs: 1_000,
		warmMs: 1_000,
		published: true,
		smallest: null,
	});
	t.equal(count("rename to marts"), 1);
});

t.test(
	"a change that is blocked is not published, and the message names place and rule",
	async (t) => {
		const { all, count } = tools([blocked]);
		const { verdict, published, truth } = await run(nulls, all);
		t.match(verdict, { kind: "blocked", message: "stg_orders.status: not_null: Got 4" });
		t.match(truth, { kind: "violating", place: ["stg_orders", "status"], rule: "not_null" });
		t.equal(published, false);
		t.equal(count("rename to marts"), 0);
	},
);

t.test(
	"a gate that was interrupted is asked again, on the same source and with nothing of the try before",
	async (t) => {
		const { all, done } = tools([none, none, blocked]);
		const { verdict, interrupted } = await run(nulls, all);
		t.equal(verdict.kind, "blocked");
		t.same(interrupted, ["dbt was ended by SIGKILL", "dbt was ended by SIGKILL"]);
		const tries = done.join("\n").split("asked\n").slice(0, 3);
		for (const text of tries) {
			t.match(
				text,
				/pg_terminate_backend[\s\S]*drop schema if exists build_marts[\s\S]*create schema raw/,
			);
			t.match(text, "update raw.orders set status = null where order_id in (1, 2, 3, 4)");
		}
	},
);

t.test(
	"a gate that never has an answer ends the trial without one, and publishes nothing",
	async (t) => {
		const { all, count } = tools([none]);
		const { verdict, interrupted, published, startMs } = await run(note, all);
		t.match(verdict, { kind: "none", message: "dbt was ended by SIGKILL" });
		t.equal(interrupted.length, 3);
		t.equal(published, false);
		t.equal(startMs, null);
		t.equal(count("asked"), 3);
	},
);

t.test("a connection that breaks is no end: what it interrupted is done again", async (t) => {
	let failures = 0;
	const reset = new TransportError("ECONNRESET", true);
	const { all, count } = tools([passed], () => (failures++ % 3 === 1 ? reset : null));
	const { verdict } = await run(note, all);
	t.equal(verdict.kind, "passed");
	t.equal(count("rename to marts"), 1);
	t.ok(failures > 5);
});

t.test("a publication whose end nobody saw is not made twice", async (t) => {
	let seen = 0;
	const { all, done } = tools([passed]);
	const unseen: Tools = {
		...all,
		async transact(statements, signal) {
			await all.transact(statements, signal);
			if (statements.join().includes("rename to marts") && seen++ === 0)
				throw Object.assign(new Error("terminated"), { code: "57P01" });
		},
	};
	await run(note, unseen);
	t.equal(done.filter((text) => text.includes("rename to marts")).length, 1);
});

t.test("a mistake in a statement is told at once", async (t) => {
	const wrong = Object.assign(new Error("syntax error"), { code: "42601" });
	const { all, count } = tools([passed], (text) =>
		text.includes("create schema raw") ? wrong : null,
	);
	await t.rejects(run(note, all), { message: "syntax error" });
	t.equal(count("asked"), 0);
});

t.test("a trial whose time is over says what it waited for", async (t) => {
	const reset = new TransportError("ECONNREFUSED", false);
	const { all } = tools([passed], () => reset);
	const over = AbortSignal.timeout(300);
	await t.rejects(tryChange(7, note, shop, all, limits, over), {
		message: "it reached its limit: ECONNREFUSED before the request was sent",
	});
});

t.test("a violating change that passed is shrunk by asking the same gate", async (t) => {
	const { all, count } = tools([passed]);
	const { smallest, published } = await run(nulls, all, { ...limits, shrinkTriesMax: 20 });
	t.equal(smallest, "nulls in orders.status (null) of 1 row");
	t.equal(published, true);
	t.equal(count("rename to marts"), 1, "what is tried for that is not published");
});

t.test("what passes rightly is not shrunk", async (t) => {
	const { all, count } = tools([passed]);
	await run(note, all, { ...limits, shrinkTriesMax: 20 });
	t.equal(count("asked"), 1);
});
