import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import pg from "pg";
import t from "tap";
import { mappingAsDetector, warehouse } from "../../../scenarios/databases/etl-drift/checks.ts";
import { writeSql } from "../../../scenarios/databases/etl-drift/drift/layout.ts";
import {
	arrangeSource,
	countOrders,
	observeDrift,
	roundsFor,
	truthOfRun,
} from "../../../scenarios/databases/etl-drift/hooks.ts";
import type { Rules } from "../../../scenarios/databases/etl-drift/job/mapping.ts";
import { readOrder } from "../../../scenarios/databases/etl-drift/job/order.ts";
import {
	type Connections,
	runBatch,
} from "../../../scenarios/databases/etl-drift/job/run-batch.ts";
import type { Query } from "../../../scenarios/databases/etl-drift/job/shape.ts";
import { playRound, type RoundReceipt } from "../../../scenarios/databases/etl-drift/play-round.ts";
import type { DriftFacts } from "../../../scenarios/databases/etl-drift/record.ts";
import { temporaryHome } from "../daemon.ts";
import { opened, up } from "../stack/stack-helper.ts";

// Defects planted into the job, between it and a real Postgres: each is caught by its check.

let url: string;
t.before(async () => {
	const { stack } = await opened(t, temporaryHome(t), { only: ["postgres"] });
	const { endpoint } = up(stack, "postgres");
	if (endpoint.kind !== "postgres") throw new Error("Postgres has an endpoint of its own kind");
	url = endpoint.url;
});

/** What a job with a defect does otherwise. */
interface Defect {
	rules?: (rules: Rules) => Rules;
	/** Between the job and its connections. */
	connections?: (connections: Connections) => Connections;
	/** Ends a run in the middle: thrown by its connection, the first time that this statement comes by. */
	diesAt?: RegExp;
	/** How often it comes by unharmed before. */
	sparing?: number;
}

let databases = 0;

async function connected(database: string): Promise<pg.Client> {
	const client = new pg.Client({ connectionString: database });
	client.on("error", () => {}); // a session that is ended on purpose
	await client.connect();
	await client.query("set timezone = 'UTC'");
	return client;
}

async function newDatabase(): Promise<string> {
	const name = `drift_${++databases}`;
	const admin = await connected(url);
	await admin.query(`create database ${name}`);
	await admin.end();
	const at = new URL(url);
	at.pathname = `/${name}`;
	return at.href;
}

/** Plays rounds without the daemon, and gives what the checks are asked about. */
async function play(seed: number, rounds: number, defect: Defect = {}): Promise<DriftFacts> {
	const database = await newDatabase();
	const open = () => connected(database);
	const workload = { seed, rounds, rows: 40 };
	const shop = await open();
	const query: Query = (text, values) => shop.query(text, values);
	await arrangeSource(query);
	let { diesAt: dies, sparing = 0 } = defect;
	const tools = {
		source: async (statements: readonly { text: string; values?: unknown[] }[]) => {
			for (const { text, values } of statements) await shop.query(text, values);
		},
		ask: async (text: string) => {
			const { rows } = await shop.query(text);
			return (Object.values(rows[0] ?? {})[0] ?? null) as string | null;
		},
		run: async (args: readonly string[]) => {
			const order = readOrder([...args, "--source", database, "--target", database], {});
			const clients = [await open(), await open(), await open()];
			const [reader, guard, target] = clients.map(
				(client): Query =>
					(text, values) => {
						if (dies?.test(text) && sparing-- === 0) {
							dies = undefined;
							throw new Error("the job was killed");
						}
						return client.query(text, values);
					},
			) as [Query, Query, Query];
			const connections = { reader, guard, target };
			try {
				const result = await runBatch(
					order.batch,
					defect.rules?.(order.rules) ?? order.rules,
					order.answers,
					defect.connections?.(connections) ?? connections,
				);
				return { kind: "ended", result } as const;
			} catch (error) {
				return { kind: "broken", reason: String(error) } as const;
			} finally {
				for (const client of clients) await client.end();
			}
		},
	};
	const receipts: RoundReceipt[] = [];
	const reads = new Map<string, number>();
	for (const round of roundsFor(workload)) {
		receipts.push(await playRound(round, "shop", 2, tools, AbortSignal.timeout(60_000)));
		const seen = await countOrders((text) => shop.query(text));
		reads.set(seen, (reads.get(seen) ?? 0) + 1);
	}
	const observed = await observeDrift(query, receipts, reads);
	await shop.end();
	return { observed, expected: await truthOfRun(workload) };
}

const checks = { ...mappingAsDetector.checks, ...warehouse.checks };

/** The checks that do not hold, with what they say. */
function failing(facts: DriftFacts): Record<string, string> {
	return Object.fromEntries(
		Object.entries(checks).flatMap(([id, { judge }]) => {
			const { ok, message } = judge(facts);
			return ok === true ? [] : [[id, message]];
		}),
	);
}

/** The target's statements, changed on their way. */
const through =
	(change: (text: string, values?: unknown[]) => [text: string, values?: unknown[]] | null) =>
	(connections: Connections): Connections => ({
		...connections,
		target: async (text, values) => {
			const changed = change(text, values);
			return changed === null ? { rows: [] } : connections.target(...changed);
		},
	});

t.test(
	"the job's own commands load, ask, go on with an answer, and make a table again by the log",
	async (t) => {
		const database = await newDatabase();
		const client = await connected(database);
		t.teardown(() => client.end());
		await arrangeSource((text, values) => client.query(text, values));
		const [round] = roundsFor({ seed: 1, rounds: 2, rows: 20 });
		const { text, values } = writeSql("shop", round!.layout, round!.orders);
		await client.query(text, values);
		const run = (file: string, ...args: string[]) => {
			const path = fileURLToPath(
				new URL(`../../../scenarios/databases/etl-drift/job/${file}`, import.meta.url),
			);
			const { status, stdout, stderr } = spawnSync(
				process.execPath,
				["--no-warnings", path, ...args],
				{ encoding: "utf8" },
			);
			return { status, said: `${stdout}${stderr}` };
		};
		const ends = ["--source", database, "--target", database];
		const first = run("etl.ts", "--batch", "1", ...ends);
		t.match(first, { status: 0, said: /"kind":"loaded","rowCount":20/ });
		t.match(run("etl.ts", "--batch", "1", ...ends), { status: 0, said: /"kind":"already"/ });
		await client.query("alter table shop.orders drop column city");
		const asked = run("etl.ts", "--batch", "2", ...ends);
		t.match(asked, { status: 3, said: /city: gone: its column city is gone/ });
		const answer = JSON.stringify([{ field: "city", source: { kind: "none" } }]);
		t.match(run("etl.ts", "--batch", "2", ...ends, "--answers", answer), {
			status: 0,
			said: /"kind":"loaded"/,
		});
		t.match(run("replay.ts", "--target", database, "--into", "again.orders", "--key", "order_id"), {
			status: 0,
		});
		const { rows } = await client.query(
			"select count(*)::int as count from (table warehouse.orders intersect all table again.orders) as same",
		);
		t.equal(rows[0].count, 20);
		t.match(run("etl.ts", "--batch", "zero", ...ends), {
			status: 1,
			said: /--batch is a whole number from 1, and not "zero"/,
		});
		t.match(run("etl.ts", "--batch", "3"), { status: 1, said: /--source is missing/ });
		t.match(run("replay.ts", "--target", database, "--into", "orders", "--key", "order_id"), {
			status: 1,
			said: /--into is schema.table/,
		});
		t.match(run("etl.ts", "--batch", "1", ...ends, "--mapping", "nowhere.json"), {
			status: 1,
			said: /nowhere.json/,
		});
	},
);

const rounds = 18;

/** A seed that brings such a change. */
function seedWith(kind: string): number {
	for (let seed = 1; ; seed++)
		if (roundsFor({ seed, rounds, rows: 1 }).some(({ edits }) => edits[0]?.kind === kind))
			return seed;
}

t.test("the job as it is holds every check, whatever statement it is killed at", async (t) => {
	for (const [seed, diesAt] of [
		[1, /^lock table .* access share/],
		[2, /^insert into etl\.landed/],
		[3, /^insert into "warehouse"/],
		[4, /^alter table/],
		[5, /^insert into etl\.batches/],
		[6, /^commit/],
	] as const) {
		const facts = await play(seed, 12, { diesAt });
		t.same(failing(facts), {}, `seed ${seed}, killed at ${diesAt}`);
		const interrupted = facts.observed.rounds.flatMap((round) => round.interrupted);
		t.ok(interrupted.length > 0, "it was killed");
	}
});

t.test("of two that could be it, the better by a hair is taken", async (t) => {
	const facts = await play(seedWith("two-that-could-be-it"), rounds, {
		rules: (rules) => ({ ...rules, limits: { ...rules.limits, margin: 0 } }),
	});
	const failed = failing(facts);
	t.match(failed["violations-caught"], /becomes email_(primary|contact), beside|becomes orders_v2/);
});

t.test("what is called nearly the same is taken, whatever it holds", async (t) => {
	const facts = await play(seedWith("amount-in-another-unit"), rounds, {
		rules: (rules) => ({ ...rules, limits: { accept: 0, margin: 0, suspect: 0 } }),
	});
	const failed = failing(facts);
	t.match(failed["nothing-guessed"], /amount|weight|first_name|address/);
	t.match(failed["values-right"], /amount_cents|weight_g|customer_name|street/);
});

for (const kind of ["swapped", "unit-under-the-same-name"])
	t.test(`what columns hold is not looked at: ${kind}`, async (t) => {
		const facts = await play(seedWith(kind), rounds, {
			connections: (connections) => ({
				...connections,
				reader: async (text, values) =>
					/^\(select/.test(text) ? { rows: [] } : connections.reader(text, values),
			}),
		});
		const failed = failing(facts);
		t.ok("violations-caught" in failed && "values-right" in failed, JSON.stringify(failed));
	});

t.test("rows of before a column do not get its default", async (t) => {
	const facts = await play(seedWith("added-with-default"), rounds, {
		connections: through((text, values) => [
			/ add column /.test(text) ? text.replace(/ default .*$/, "") : text,
			values,
		]),
	});
	t.match(failing(facts)["values-right"], /priority|tax_cents|is_business/);
});

t.test("a migration is left out of the log", async (t) => {
	const facts = await play(seedWith("widened"), rounds, {
		connections: through((text, values) => [
			text,
			/^insert into etl\.batches/.test(text) && !String(values![1]).includes('"create"')
				? values!.with(1, "[]")
				: values,
		]),
	});
	t.match(failing(facts)["log-replays"], /other columns|breaks/);
});

t.test("a batch is committed as it goes, and killed in the middle", async (t) => {
	const facts = await play(3, 9, {
		connections: through((text, values) => (text === "begin" ? null : [text, values])),
		diesAt: /^insert into etl\.batches/,
		sparing: 3,
	});
	const failed = failing(facts);
	t.match(failed["every-trial-answered"], /no answer to/);
});

t.test("a batch that was loaded is not known again", async (t) => {
	const facts = await play(2, 8, {
		connections: through((text, values) => [
			text.replace("where batch = $1", "where $1::bigint is null"),
			values,
		]),
	});
	t.match(failing(facts)["reruns-change-nothing"], /\(broke\)/);
});

t.test("the mark runs ahead of what was read, past rows that come later", async (t) => {
	const facts = await play(2, 8, {
		connections: through((text, values) => [
			text,
			/^insert into etl\.batches/.test(text)
				? values!.with(4, String(Number(values![4]) + 10_000_000))
				: values,
		]),
	});
	t.match(failing(facts)["rows-kept"], /[1-9]\d* are lost/);
});
