import t from "tap";
import {
	type Compared,
	listsPlace,
	namesPlace,
	reasonOf,
	rightOf,
	saidOf,
} from "../../../../../scenarios/contracts/contract-gate/datacontract/compared.ts";
import {
	disagreementsOf,
	reportText,
} from "../../../../../scenarios/contracts/contract-gate/datacontract/report.ts";
import type { Truth } from "../../../../../scenarios/kit/confusion.ts";
import type { Finding } from "../../../../../scenarios/subjects/gate/findings.ts";

const violating: Truth = { kind: "violating", place: ["orders", "note"], rule: "nullability" };
const harmless: Truth = { kind: "harmless" };
const outside: Truth = { kind: "outside" };
const finding = (rule: string, place = ["orders", "note"], why = "why"): Finding => ({
	place,
	rule,
	why,
});

function compared(
	ours: Finding[],
	theirs: Finding[],
	truth = violating,
	listed: string[] = [],
	warnings: Finding[] = [],
): Compared {
	return {
		name: "7 null-allowed of seed 1",
		kind: "null-allowed",
		text: "allow null in orders.note",
		truth,
		ours,
		theirs: { findings: theirs, warnings, passedCount: 3, isBreaking: false, listed },
	};
}

t.test("of two that differ the one is right that says what the change is", (t) => {
	const rows: [ours: Finding[], theirs: Finding[], truth: Truth, right: string][] = [
		[[finding("unique")], [], violating, "our gate"],
		[[], [finding("unique")], violating, "the tool"],
		[[finding("unique")], [], harmless, "the tool"],
		[[], [finding("unique")], harmless, "our gate"],
		[[finding("unique")], [], outside, "nobody can tell"],
	];
	for (const [ours, theirs, truth, right] of rows)
		t.equal(rightOf(compared(ours, theirs, truth)), right);
	t.equal(saidOf(compared([], [])), "both pass");
	t.equal(saidOf(compared([finding("type")], [finding("presence")])), "both block");
	t.end();
});

t.test(
	"a reason is told by our rule, and what no reason is known of is not explained away",
	(t) => {
		const unjudged = finding("rule_1", ["orders"], "this gate has no way to judge it");
		const rows: [ours: Finding[], reason: string][] = [
			[[finding("nullability")], "rows, not structure"],
			[[finding("unique"), finding("primary-key")], "rows, not structure"],
			[[finding("version")], "versions"],
			[[unjudged], "passes over what it can't judge"],
			[[finding("append-only")], "not about tables"],
			[[finding("builds")], "no contract speaks of it"],
			[[finding("presence")], "unexplained"],
			[[finding("total-positive")], "unexplained"],
			[[finding("unique"), finding("type")], "unexplained"],
		];
		for (const [ours, reason] of rows) t.equal(reasonOf(compared(ours, [])), reason);
		t.equal(reasonOf(compared([], [finding("nullability")])), "unexplained");
		const warned = (place: string[]) =>
			reasonOf(compared([finding("odcs")], [], violating, [], [finding("odcs", place)]));
		t.equal(warned(["orders", "note"]), "warns and lets pass");
		t.equal(warned(["orders"]), "unexplained");
		t.end();
	},
);

t.test("a place is named by table and column, and listed by the path of a contract", (t) => {
	const named = (place: string[]) => namesPlace(compared([], [finding("quality", place)]));
	t.ok(named(["orders", "note"]));
	t.notOk(named(["orders"]));
	const listed = (...paths: string[]) => listsPlace(compared([], [], violating, paths));
	t.ok(listed("schema.orders.properties.note"));
	t.ok(listed("version", "schema.orders.properties.note.required"));
	t.notOk(listed("schema.orders.properties.note_2.required"));
	t.notOk(listed());
	t.end();
});

t.test("disagreements are grouped by reason and by who is right, the commonest first", (t) => {
	const groups = disagreementsOf([
		compared([finding("version")], []),
		compared([finding("unique")], []),
		compared([finding("unique")], [], harmless),
		compared([finding("unique")], []),
		compared([finding("unique")], [finding("quality")]),
		compared([], [], harmless),
	]);
	t.same(
		groups.map(({ reason, right, all }) => [reason, right, all.length]),
		[
			["rows, not structure", "our gate", 2],
			["versions", "our gate", 1],
			["rows, not structure", "the tool", 1],
		],
	);
	t.end();
});

t.test("the report counts each kind, what nobody was asked about, and shows one of each", (t) => {
	const text = reportText("1.2.3", [
		{ asked: true, compared: compared([finding("nullability")], []) },
		{ asked: true, compared: compared([finding("nullability")], [finding("nullability")]) },
		{ asked: false, unasked: { kind: "direct-commit", why: "push" } },
		{ asked: false, unasked: { kind: "migration-fails", why: "no state" } },
	]);
	t.match(
		text,
		"datacontract-cli 1.2.3: of 4 changes both were asked about 2; 1 are pushes that propose none, 1 lead to no state (migration-fails)",
	);
	t.match(text, "| null-allowed | violating (nullability) | 2 | 2 | 1 | 0 | 0 | 0 | 1 |");
	t.match(text, /\| rows, not structure \| .* \| null-allowed 1 \| 1 \| our gate \|/);
	t.match(text, "rows, not structure, for one 7 null-allowed of seed 1: allow null in orders.note");
	t.match(text, "  the tool: nothing, with 3 checks passed");
	t.end();
});
