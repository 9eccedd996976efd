import { readFileSync } from "node:fs";
import t from "tap";
import {
	type Change,
	changeText,
	truthOf,
} from "../../../../scenarios/contracts/dbt-contracts/changes/changes.ts";
import {
	findingsText,
	type GateEnd,
	type GateFiles,
	gateVerdict,
	type ManifestFile,
} from "../../../../scenarios/contracts/dbt-contracts/gate.ts";
import { readGate } from "../../../../scenarios/contracts/dbt-contracts/gate-run.ts";
import { wordsMissing } from "../../../../scenarios/kit/confusion.ts";

// What dbt 1.11.16 left of real trials: RECORD=tap-tests/scenarios/contracts/dbt-contracts/recorded
// node tap-tests/detectors/dbt-contracts.test.ts

interface Recorded extends Omit<GateFiles, "manifest"> {
	name: string;
	change: Change;
	end: GateEnd;
}

const folder = new URL("./recorded/", import.meta.url);
const text = (file: string) => readFileSync(new URL(file, folder), "utf8");
const manifest = JSON.parse(text("manifest.json")) as ManifestFile;
const recorded = text("gate.ndjson")
	.trim()
	.split("\n")
	.map((line) => JSON.parse(line) as Recorded);

const filesOf = ({ sources, runResults }: Recorded): GateFiles => ({
	sources,
	runResults,
	manifest,
});
const good = recorded.find(({ name }) => name === "unchanged")!;
const ended: GateEnd = { exitCode: 0, signal: null, output: "" };

t.test("every recorded trial is read as what it was, and each finding names its place", (t) => {
	t.ok(recorded.length >= 14);
	for (const each of recorded) {
		const truth = truthOf(each.change);
		const verdict = gateVerdict(each.end, filesOf(each));
		const said = changeText(each.change) || each.name;
		t.equal(verdict.kind, truth.kind === "violating" ? "blocked" : "passed", said);
		if (verdict.kind !== "blocked") continue;
		const message = findingsText(verdict.findings);
		const trial = { name: "", change: "", truth, smallest: null };
		const blocked = { kind: "blocked", message, timeMs: 0 } as const;
		t.same(wordsMissing({ ...trial, verdict: blocked }), [], message);
	}
	t.end();
});

t.test("what dbt says comes as a line for each finding", (t) => {
	const textOf = (name: string) => {
		const verdict = gateVerdict(ended, filesOf(recorded.find((each) => each.name === name)!));
		return verdict.kind === "blocked" ? findingsText(verdict.findings) : verdict.kind;
	};
	t.match(
		textOf("type-changed"),
		/^stg_order_items\.unit_price_cents: data_type: the model has DECIMAL, the contract INTEGER: data type mismatch$/,
	);
	t.match(textOf("nulls"), /^stg_orders\.ordered_at: not_null: Got 15 results/);
	t.match(
		textOf("stale"),
		/^orders: freshness: the newest row is 72\.\d h old, an error after 24 hour/,
	);
	t.match(
		textOf("column-dropped"),
		/^stg_customers\.country: column_exists: Database Error in model/,
	);
	t.match(
		textOf("table-renamed"),
		/^orders: table_exists: .*relation "raw\.orders" does not exist/,
	);
	t.end();
});

/** The good trial with one result told otherwise. */
function told(id: string, status: string, message: string | null): GateFiles {
	const results = good.runResults!.results.map((result) =>
		result.unique_id === id ? { unique_id: id, status, message } : result,
	);
	return { ...filesOf(good), runResults: { results } };
}

const aTest = Object.keys(manifest.nodes).find((id) => id.includes("not_null_stg_orders_status"))!;
const aModel = "model.shop.category_days";
const closed = "Database Error in model category_days\n  server closed the connection unexpectedly";

t.test("an end that is no verdict is told from a finding", (t) => {
	const none: GateFiles = { sources: null, runResults: null, manifest: null };
	const rows: [why: string, GateEnd, GateFiles, reason: RegExp][] = [
		["killed", { ...ended, exitCode: null, signal: "SIGKILL" }, none, /ended by SIGKILL/],
		[
			"no way to the database",
			{ ...ended, exitCode: 2, output: "Database Error\n  connection to server failed\nGATE {}" },
			none,
			/^dbt ended with 2 and no finding: Database Error {3}connection to server failed$/,
		],
		["it ended well, and told nothing", ended, none, /has told no results/],
		[
			"the connection was lost",
			{ ...ended, exitCode: 1 },
			told(aModel, "error", closed),
			/server closed/,
		],
		[
			"its sessions were ended",
			{ ...ended, exitCode: 1 },
			told(aTest, "error", "terminating connection due to administrator command"),
			/administrator command/,
		],
		["a test was skipped", ended, told(aTest, "skipped", null), /did not run test\.shop\.not_null/],
		[
			"a model is not among the results",
			ended,
			{
				...filesOf(good),
				runResults: {
					results: good.runResults!.results.filter(({ unique_id }) => unique_id !== aModel),
				},
			},
			/did not run model\.shop\.category_days/,
		],
		[
			"a source has no answer, for the connection was lost",
			{ ...ended, exitCode: 1 },
			{
				...none,
				sources: {
					results: [
						{
							unique_id: "source.shop.raw.orders",
							status: "runtime error",
							error: "the connection is lost",
						},
					],
				},
			},
			/connection is lost/,
		],
	];
	for (const [why, end, files, reason] of rows)
		t.match(gateVerdict(end, files), { kind: "none", reason }, why);
	t.end();
});

t.test("a rule that was seen to be broken blocks, whatever was lost after it", (t) => {
	const files = told(aTest, "fail", "Got 3 results");
	files.runResults!.results.push({ unique_id: aModel, status: "error", message: closed });
	const verdict = gateVerdict({ ...ended, exitCode: null, signal: "SIGKILL" }, files);
	t.match(verdict, { kind: "blocked", findings: [{ model: "stg_orders", columns: ["status"] }] });
	t.equal(verdict.kind === "blocked" && verdict.findings.length, 1);
	t.end();
});

t.test(
	"an error is read by what Postgres says of the data, and blocks where nobody understands it",
	(t) => {
		const rows: [message: string, columns: string[], rule: string][] = [
			[
				'null value in column "category" of relation "category_days__dbt_tmp" violates',
				["category"],
				"not_null",
			],
			[
				'duplicate key value violates unique constraint "x"\n  DETAIL:  Key (ordered_on, category)=(1, 2)',
				["ordered_on", "category"],
				"primary_key",
			],
			['new row violates check constraint "positive"', ["positive"], "check"],
			["column stg.status does not exist", ["status"], "column_exists"],
			['relation "raw.orders" does not exist', ["orders"], "table_exists"],
			["integer out of range", [], "data_type"],
			["operator does not exist: bigint * text", [], "data_type"],
			["something that nobody has seen", [], "error"],
		];
		for (const [message, columns, rule] of rows)
			t.match(
				gateVerdict(
					{ ...ended, exitCode: 1 },
					told(aModel, "error", `Database Error\n  ${message}`),
				),
				{ kind: "blocked", findings: [{ model: "category_days", columns, rule }] },
				message,
			);
		t.end();
	},
);

t.test("a contract's mismatches are told column by column", (t) => {
	const message = [
		"Compilation Error in model stg_orders (models/staging/stg_orders.sql)",
		"  This model has an enforced contract that failed.",
		"  | column_name | definition_type | contract_type | mismatch_reason       |",
		"  | ----------- | --------------- | ------------- | --------------------- |",
		"  | order_id    | LONGINTEGER     | INTEGER       | data type mismatch    |",
		"  | note        | STRING          |               | missing in contract   |",
		"  | status      |                 | STRING        | missing in definition |",
	].join("\n");
	const verdict = gateVerdict(
		{ ...ended, exitCode: 1 },
		told("model.shop.stg_orders", "error", message),
	);
	t.equal(
		verdict.kind === "blocked" && findingsText(verdict.findings),
		"stg_orders.order_id: data_type: the model has LONGINTEGER, the contract INTEGER: data type mismatch; stg_orders.note: column_exists: the model has STRING, the contract none: missing in contract; stg_orders.status: column_exists: the model has none, the contract STRING: missing in definition",
	);
	t.end();
});

t.test("a unit test that fails names its model", (t) => {
	const id = Object.keys(manifest.unit_tests!).find((id) => id.includes("dim_customers"))!;
	t.match(
		gateVerdict({ ...ended, exitCode: 1 }, told(id, "fail", "actual differs from expected")),
		{
			kind: "blocked",
			findings: [{ model: "dim_customers", rule: "unit_test" }],
		},
	);
	t.end();
});

t.test("a warning holds nothing up", (t) => {
	t.same(gateVerdict(ended, told(aTest, "warn", "Got 1 result")), { kind: "passed" });
	t.end();
});

t.test("the gate's last line is what it says, and one that was killed says nothing", (t) => {
	const said = { sources: null, runResults: { results: [] }, manifest: null, tookMs: { start: 7 } };
	const { files, laps } = readGate({ output: `16:00 Done.\nGATE ${JSON.stringify(said)}\n` });
	t.same(files, { sources: null, runResults: { results: [] }, manifest: null });
	t.same(laps, { start: 7 });
	const nothing = { files: { sources: null, runResults: null, manifest: null }, laps: {} };
	t.same(readGate({ output: "16:00 Running\n1 of 37 START" }), nothing);
	t.same(readGate({ output: 'GATE {"sources": null, "runRes' }), nothing, "cut in the middle");
	t.same(readGate({ output: "" }), nothing);
	t.end();
});
