import t from "tap";
import { gate, quarantine } from "../../../../scenarios/contracts/data-quality/checks.ts";
import type { Observed } from "../../../../scenarios/contracts/data-quality/record.ts";
import { blocked, facts, good, passed, receipt } from "./facts.ts";

const checks = { ...gate.checks, ...quarantine.checks };
type Id = keyof typeof checks;

/** The checks that a record fails. */
function failed(more: Partial<Observed>): Id[] {
	return (Object.keys(checks) as Id[]).filter((id) => {
		const { ok } = checks[id].judge(facts(more));
		return ok === false;
	});
}

const without = <T extends { batch: number }>(some: readonly T[], n: number) =>
	some.filter(({ batch }) => batch !== n);
const changed = <T extends { batch: number }>(some: readonly T[], n: number, change: Partial<T>) =>
	some.map((one) => (one.batch === n ? { ...one, ...change } : one));

t.test("a run as it should be fails none of them, and shows something by each", (t) => {
	t.same(failed({}), []);
	for (const [id, { judge }] of Object.entries(checks))
		t.not(judge(facts()).over, 0, `${id}: ${judge(facts()).message}`);
	t.end();
});

t.test("each thing that can be wrong is told by the checks that are there for it", (t) => {
	const rows: [why: string, found: Partial<Observed>, fails: Id[]][] = [
		[
			"a batch that breaks a rule is loaded",
			{
				receipts: changed(good.receipts, 1, { verdict: passed }),
				loaded: [...good.loaded, { batch: 1, digest: good.quarantined[0]!.digest }],
				quarantined: without(good.quarantined, 1),
			},
			["violations-caught"],
		],
		[
			"an error that does not say where",
			{
				receipts: changed(good.receipts, 1, { verdict: blocked("something is wrong") }),
			},
			["places-named"],
		],
		[
			"a batch that breaks nothing is rejected",
			{
				receipts: changed(good.receipts, 4, { verdict: blocked("sales.sku: format: 1 row") }),
				loaded: without(good.loaded, 4),
				quarantined: [
					...good.quarantined,
					{
						batch: 4,
						digest: good.loaded[2]!.digest,
						error: "sales.sku: format: 1 row",
						page: "p",
					},
				],
				decided: changed(good.decided, 4, { broken: ["sku.format"], state: "rejected" }),
				pages: [...good.pages, { page: "p", isWhole: true, named: ["sku"] }],
			},
			["no-false-alarms", "findings-exact"],
		],
		[
			"a batch without an end",
			{ receipts: without(good.receipts, 3), loaded: without(good.loaded, 3) },
			["every-trial-answered"],
		],
		[
			"a rule that is broken and not found, beside one that is",
			{ decided: changed(good.decided, 2, { broken: ["quantity.in_range"] }) },
			["findings-exact"],
		],
		[
			"an error that names the first rule alone",
			{ quarantined: changed(good.quarantined, 2, { error: "sales.quantity: in_range: 9 rows" }) },
			["all-rules-named"],
		],
		[
			"rows of a rejected batch are in the warehouse",
			{ loaded: [...good.loaded, { batch: 1, digest: "3:ab" }] },
			["rejected-whole", "warehouse-right"],
		],
		[
			"a rejected batch of which quarantine lacks rows",
			{ quarantined: changed(good.quarantined, 1, { digest: "7:x" }) },
			["rejected-whole"],
		],
		[
			"a batch twice in the warehouse",
			{ loaded: changed(good.loaded, 4, { digest: "208:y" }) },
			["warehouse-right"],
		],
		[
			"a batch that passed and is not there",
			{ loaded: without(good.loaded, 0) },
			["warehouse-right"],
		],
		[
			"a batch in both places",
			{
				quarantined: [
					...good.quarantined,
					{ batch: 0, digest: good.loaded[0]!.digest, error: "e", page: "batch-1.html" },
				],
			},
			["warehouse-right"],
		],
		[
			"somebody saw half of a batch",
			{ reads: [...good.reads, { batch: 3, rowCount: 60, count: 1 }] },
			["reads-whole"],
		],
		[
			"somebody saw a batch that breaks a rule",
			{ reads: [...good.reads, { batch: 1, rowCount: 101, count: 4 }] },
			["reads-whole"],
		],
		[
			"a batch that came twice was answered in two ways",
			{ receipts: changed(good.receipts, 4, { again: "another" }) },
			["taken-once"],
		],
		["a page that is not there", { pages: good.pages.slice(1) }, ["docs-written"]],
		[
			"a page that ends in the middle",
			{ pages: good.pages.map((page) => ({ ...page, isWhole: false })) },
			["docs-written"],
		],
		[
			"a page that does not say what is wrong",
			{ pages: good.pages.map((page) => ({ ...page, named: ["quantity"] })) },
			["docs-written"],
		],
		["staging keeps a batch that is decided", { leftInStaging: ["batch_2_1"] }, ["staging-clean"]],
		[
			"an interrupted batch that ended as it should not",
			{
				receipts: changed(good.receipts, 2, { verdict: passed }),
				loaded: [...good.loaded, { batch: 2, digest: good.quarantined[1]!.digest }],
				quarantined: without(good.quarantined, 2),
			},
			["violations-caught", "interrupted-end-right"],
		],
	];
	for (const [why, found, fails] of rows) t.same(failed(found), fails, why);
	t.end();
});

t.test("staging may have what nobody has decided yet, and that alone", (t) => {
	const decided = changed(good.decided, 1, { state: "claimed", broken: [] });
	const left = (leftInStaging: string[]) =>
		quarantine.checks["staging-clean"].judge(facts({ decided, leftInStaging })).ok;
	t.ok(left(["batch_1_2"]));
	t.notOk(left(["batch_1_2", "batch_11_2"]));
	t.end();
});

t.test("where nobody was rejected, what becomes of the rejected can't be told", (t) => {
	const none = {
		receipts: good.receipts.map((one) => receipt(one.batch, passed)),
		quarantined: [],
	};
	for (const id of [
		"rejected-whole",
		"docs-written",
		"interrupted-end-right",
		"taken-once",
	] as const)
		t.equal(quarantine.checks[id].judge(facts(none)).over, 0, id);
	t.end();
});
