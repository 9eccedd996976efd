import t from "tap";
import { findingText } from "../../../../scenarios/subjects/gate/findings.ts";
import type { Contract, Property, Quality } from "../../../../scenarios/subjects/gate/odcs.ts";
import { differencesOf, versionFindings } from "../../../../scenarios/subjects/gate/versions.ts";

const note: Property = {
	name: "note",
	physicalType: "varchar(20)",
	logicalType: "string",
	logicalTypeOptions: { maxLength: 20 },
};
const id: Property = {
	name: "id",
	physicalType: "integer",
	required: true,
	primaryKey: true,
	primaryKeyPosition: 1,
};
const rule = { name: "short", type: "sql" as const, query: "select 0", mustBe: 0 };

function contract(
	properties: Property[],
	version = "1.2.3",
	more: Partial<Contract> = {},
): Contract {
	return {
		apiVersion: "v3.1.0",
		kind: "DataContract",
		id: "shop",
		version,
		status: "active",
		schema: [{ name: "orders", properties }],
		...more,
	};
}

t.test("each change of a promise needs the version that semantic versioning gives it", (t) => {
	const before = contract([id, { ...note, quality: [rule] }]);
	const rows: [after: Property[], effect: string, why: string][] = [
		[[id], "breaking", "a column that is gone"],
		[[id, { ...note, quality: [rule], physicalType: "varchar(40)" }], "breaking", "another type"],
		[
			[
				{ ...id, required: false },
				{ ...note, quality: [rule] },
			],
			"breaking",
			"null where there was none",
		],
		[
			[
				{ ...id, primaryKey: false },
				{ ...note, quality: [rule] },
			],
			"breaking",
			"a key that is none any more",
		],
		[[id, note], "breaking", "a rule that is gone"],
		[
			[id, { ...note, quality: [{ ...rule, mustBe: 3 }] }],
			"breaking",
			"a rule that says something else",
		],
		[
			[id, { ...note, quality: [rule], required: true }],
			"additive",
			"a value that is always there now",
		],
		[[id, { ...note, quality: [rule] }, { name: "more" }], "additive", "a column more"],
		[[id, { ...note, quality: [rule, { ...rule, name: "other" }] }], "additive", "a rule more"],
		[
			[id, { ...note, quality: [rule], logicalTypeOptions: {} }],
			"breaking",
			"a bound that is gone",
		],
		[
			[id, { ...note, quality: [rule], logicalTypeOptions: { maxLength: 30 } }],
			"breaking",
			"another bound",
		],
		[
			[id, { ...note, quality: [rule], logicalTypeOptions: { maxLength: 10 } }],
			"additive",
			"a closer bound",
		],
		[
			[id, { ...note, quality: [rule], relationships: [{ to: "notes.id" }] }],
			"additive",
			"a relationship more",
		],
		[
			[id, { ...note, quality: [rule], logicalTypeOptions: { maxLength: 20, minLength: 1 } }],
			"additive",
			"a bound more",
		],
	];
	const versions = { breaking: ["1.2.3", "1.2.4", "1.3.0"], additive: ["1.2.3", "1.2.4"] };
	for (const [after, effect, why] of rows) {
		t.match(differencesOf(before, contract(after)), [{ effect }], why);
		for (const version of versions[effect as keyof typeof versions])
			t.match(
				versionFindings(before, contract(after, version)),
				[{ rule: "version" }],
				`${why}, as ${version}`,
			);
		const enough = effect === "breaking" ? "2.0.0" : "1.3.0";
		t.same(versionFindings(before, contract(after, enough)), [], `${why}, as ${enough}`);
	}
	t.end();
});

t.test(
	"parts of an object, what an array holds and what is agreed of the service are promises",
	(t) => {
		const parts = (...properties: Property[]) =>
			contract([{ name: "address", logicalType: "object", properties }]);
		const items = (physicalType: string) => contract([{ name: "tags", items: { physicalType } }]);
		const served = (value: number, description = "words") =>
			contract([id], "1.2.3", {
				slaProperties: [
					{ property: "freshness", element: "orders.id", value, unit: "d", description },
				],
			});
		const rows: [before: Contract, after: Contract, differences: object[], why: string][] = [
			[
				parts(note, id),
				parts(id),
				[{ effect: "breaking", what: "its part note is gone" }],
				"a part",
			],
			[parts(id), parts(id, note), [{ effect: "additive" }], "a part more"],
			[items("text"), items("integer"), [{ effect: "breaking" }], "other items"],
			[
				served(1),
				served(2),
				[
					{
						place: ["shop"],
						effect: "breaking",
						what: "freshness of orders.id says something else",
					},
				],
				"it may be older",
			],
			[contract([id]), served(1), [{ effect: "additive" }], "a service more"],
			[served(1), served(1, "other words"), [], "words"],
		];
		for (const [before, after, differences, why] of rows) {
			const found = differencesOf(before, after);
			t.equal(found.length, differences.length, why);
			t.match(found, differences, why);
		}
		t.end();
	},
);

t.test(
	"a rule that asks the same and allows less is one on which readers can rely for more",
	(t) => {
		const loose = { ...rule, mustBe: undefined, mustBeLessThan: 5 };
		const effects = (was: Quality, is: Quality) =>
			differencesOf(
				contract([{ ...note, quality: [was] }]),
				contract([{ ...note, quality: [is] }]),
			).map(({ effect, what }) => `${effect}: ${what}`);
		t.same(effects(loose, rule), ["additive: the rule short allows less"]);
		t.same(effects(rule, loose), ["breaking: the rule short says something else"]);
		t.same(effects(rule, { ...rule, severity: "info" }).length, 1);
		t.end();
	},
);

t.test("what is said of a column or a rule, and their order, needs no version", (t) => {
	const before = contract([id, { ...note, quality: [rule] }]);
	const words = {
		description: "words",
		dimension: "accuracy",
		tags: ["a"],
		businessImpact: "none",
	};
	const after = contract([{ ...note, description: "words", quality: [{ ...rule, ...words }] }, id]);
	t.same(versionFindings(before, { ...after, description: { purpose: "words" } }), []);

	t.end();
});

t.test("a finding names table, column, what changed and the version that comes next", (t) => {
	const [finding] = versionFindings(contract([id, note]), contract([id], "1.3.0"));
	t.equal(
		findingText(finding!),
		"orders.note (version): the contract no longer has it: that is breaking, and after 1.2.3 comes 2.0.0 at least, not 1.3.0",
	);
	t.end();
});

t.test("a version that goes back, or is none, is refused even where nothing else changed", (t) => {
	const before = contract([id]);
	t.match(versionFindings(before, contract([id], "1.2.2")), [{ place: ["shop"], rule: "version" }]);
	t.match(versionFindings(before, contract([id], "v2")), [{ place: ["shop"], rule: "version" }]);
	t.match(versionFindings(before, { ...contract([id]), id: "other" }), [
		{ place: ["shop"], rule: "version" },
	]);
	t.match(versionFindings(before, contract([id], "1.2.3", { schema: [] })), [
		{ place: ["orders"], rule: "version" },
	]);
	t.end();
});
