import t from "tap";
import { stream } from "../../../../base/random.ts";
import type {
	RecordSchema,
	Schema,
} from "../../../../scenarios/contracts/schema-evolution/avro.ts";
import {
	type ChangeName,
	changeNames,
	changes,
} from "../../../../scenarios/contracts/schema-evolution/changes.ts";
import {
	obstacle,
	refusal,
} from "../../../../scenarios/contracts/schema-evolution/compatibility.ts";
import { firstSchema } from "../../../../scenarios/contracts/schema-evolution/first-schema.ts";
import { problemsOf } from "../../../../scenarios/contracts/schema-evolution/oracle/can-read.ts";
import { proposalsOf } from "../../../../scenarios/contracts/schema-evolution/proposals.ts";
import {
	isPromised,
	promisedPairs,
	rules,
} from "../../../../scenarios/contracts/schema-evolution/rules.ts";

/** Whether, by the specification, the new schema reads the old one's data, and the old the new one's. */
const stated: Record<ChangeName, [backward: boolean, forward: boolean]> = {
	"add-with-default": [true, true],
	"add-without-default": [false, true],
	"add-nullable": [true, true],
	"remove-with-default": [true, true],
	"remove-without-default": [true, false],
	"rename-with-alias": [true, false],
	"rename-without-alias": [false, false],
	"promote-type": [true, false],
	"narrow-type": [false, true],
	"string-to-bytes": [true, true],
	"replace-type": [false, false],
	"enum-symbol-added": [true, false],
	"enum-symbol-removed": [false, true],
	"enum-default-given": [true, true],
	"union-widened": [true, false],
	"union-narrowed": [false, true],
	"made-nullable": [true, false],
	"fixed-resized": [false, false],
	"items-promoted": [true, false],
	"items-replaced": [false, false],
	"nested-add-without-default": [false, true],
	"nested-add-with-default": [true, true],
	"logical-type-changed": [false, false],
	"logical-type-dropped": [false, false],
	"default-changed": [true, true],
	"default-dropped": [true, true],
	"alias-given": [true, true],
	"doc-changed": [true, true],
	"fields-reordered": [true, true],
	"namespace-changed": [true, true],
	"record-renamed": [false, false],
	"meaning-changed": [true, true],
};

/** Fields that make the other answer right: a field with a default that is renamed can be read without it. */
const plain: RecordSchema = {
	...firstSchema,
	fields: [
		...firstSchema.fields.filter(({ name }) => name !== "weight"),
		{ name: "ratio", type: "double" },
		{ name: "label", type: "string", default: "x" },
	],
};

t.test(
	"each kind of change breaks what the specification says, by the oracle and by the library",
	(t) => {
		for (const name of changeNames)
			for (let seed = 1; seed <= 4; seed++) {
				const next = structuredClone(plain);
				if (!changes[name](stream(seed, name), next)) continue;
				const hasDefault = next.fields.some(
					(field, n) => field.name !== plain.fields[n]?.name && field.default !== undefined,
				);
				// Whoever reads a field that has a default can do without it.
				if (name.startsWith("rename") && hasDefault) continue;
				const [backward, forward] = stated[name];
				const why = `${name}, seed ${seed}`;
				t.equal(problemsOf(next, plain).length === 0, backward, `${why}: backward by the oracle`);
				t.equal(problemsOf(plain, next).length === 0, forward, `${why}: forward by the oracle`);
				t.equal(obstacle(next, plain) === null, backward, `${why}: backward by the library`);
				t.equal(obstacle(plain, next) === null, forward, `${why}: forward by the library`);
			}
		t.end();
	},
);

t.test(
	"oracle and library agree on every pair of versions of long histories, and on the place",
	(t) => {
		let [pairs, broken] = [0, 0];
		for (const seed of [1, 2]) {
			const versions = proposalsOf(seed, 120)
				.filter(({ rule, truth }) => rule === "BACKWARD" || truth.kind === "violating")
				.map(({ schema }) => schema);
			for (let n = 0; n < versions.length; n += 2)
				for (const other of [versions[(n * 7 + 1) % versions.length]!, firstSchema]) {
					pairs++;
					const problems = problemsOf(versions[n]!, other);
					const said = obstacle(versions[n]!, other);
					if (problems.length > 0) broken++;
					if ((said === null) !== (problems.length === 0))
						t.fail(`seed ${seed}, ${n}: ${said} ${JSON.stringify(problems)}`);
					else if (said !== null)
						t.ok(
							problems.some(({ place, rule }) => said.startsWith(`${place.join(".")} (${rule})`)),
							said,
						);
				}
		}
		t.ok(pairs > 50 && broken > 25, `${broken} of ${pairs} can't be read`);
		t.end();
	},
);

t.test(
	"what is proposed is refused where it breaks its rule, with place and rule in the words",
	(t) => {
		const histories = new Map<string, Schema[]>(rules.map((rule) => [rule, [firstSchema]]));
		const seen = { violating: 0, harmless: 0, outside: 0 };
		for (const { n, rule, change, schema, truth } of proposalsOf(7, 180)) {
			const history = histories.get(rule)!;
			const why = refusal(rule, history, schema);
			seen[truth.kind]++;
			if (truth.kind === "violating")
				t.match(why ?? "", `${truth.place.join(".")} (${truth.rule})`, `${n} ${change} by ${rule}`);
			else {
				t.equal(why, null, `${n} ${change} by ${rule}`);
				history.push(schema);
			}
		}
		t.ok(seen.violating > 50 && seen.harmless > 50 && seen.outside > 0, JSON.stringify(seen));
		t.end();
	},
);

t.test("a rule promises who reads whom", (t) => {
	const pairs = (rule: (typeof rules)[number]) =>
		promisedPairs(rule, 3)
			.filter(({ reader, writer }) => reader !== writer)
			.map(({ reader, writer }) => `${reader}<${writer}`)
			.join(" ");
	t.equal(pairs("BACKWARD"), "1<0 2<1");
	t.equal(pairs("FORWARD"), "0<1 1<2");
	t.equal(pairs("FULL"), "0<1 1<0 1<2 2<1");
	t.equal(pairs("BACKWARD_TRANSITIVE"), "1<0 2<0 2<1");
	t.equal(pairs("FORWARD_TRANSITIVE"), "0<1 0<2 1<2");
	t.equal(pairs("FULL_TRANSITIVE"), "0<1 0<2 1<0 1<2 2<0 2<1");
	t.ok(isPromised("BACKWARD", 2, 2), "everybody reads what is his own");
	t.end();
});

t.test("what no two neighbours show, a rule over all versions does", (t) => {
	const field = { name: "x", type: "string" as const };
	const versions = [[], [{ ...field, default: "" }], [field]].map(
		(fields): RecordSchema => ({ type: "record", name: "R", fields }),
	);
	const [, , last] = versions;
	const before = versions.slice(0, 2);
	t.equal(refusal("BACKWARD", before, last!), null);
	t.equal(
		refusal("BACKWARD_TRANSITIVE", before, last!),
		"BACKWARD_TRANSITIVE: this schema can't read version 1: R.x (no-default): the writer has no such field",
	);
	t.end();
});
