import t from "tap";
import { stream } from "../../../../base/random.ts";
import type { RecordSchema } from "../../../../scenarios/contracts/schema-evolution/avro.ts";
import {
	type ChangeName,
	changeNames,
	changes,
} from "../../../../scenarios/contracts/schema-evolution/changes.ts";
import { obstacle } from "../../../../scenarios/contracts/schema-evolution/compatibility.ts";
import { firstSchema } from "../../../../scenarios/contracts/schema-evolution/first-schema.ts";
import {
	areApart,
	compared,
} from "../../../../scenarios/contracts/schema-evolution/measure-formats.ts";
import {
	columnProblemsOf,
	unwritable,
} from "../../../../scenarios/contracts/schema-evolution/oracle/can-follow.ts";
import { problemsOf } from "../../../../scenarios/contracts/schema-evolution/oracle/can-read.ts";
import { proposalsOf } from "../../../../scenarios/contracts/schema-evolution/proposals.ts";
import {
	type Format,
	obstacleIn,
	refusal,
} from "../../../../scenarios/contracts/schema-evolution/refusal.ts";
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
	"decimal-rescaled": [false, false],
	"decimal-widened": [false, false],
	"enum-to-string": [false, false],
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

/** The same by columns, where that is another answer. */
const statedByColumns: Partial<typeof stated> = {
	"enum-symbol-added": [true, true],
	"enum-symbol-removed": [true, true],
	"enum-to-string": [true, false],
	"union-widened": [false, false],
	"union-narrowed": [false, false],
	"decimal-widened": [true, false],
	"record-renamed": [true, true],
};

const byColumns = (reader: RecordSchema, writer: RecordSchema) =>
	[reader, writer].every((one) => unwritable(one).length === 0) &&
	columnProblemsOf(reader, writer).length === 0;
const inParquet = (reader: RecordSchema, writer: RecordSchema) =>
	[reader, writer].every((one) => obstacleIn("Parquet", one, one) === null) &&
	obstacleIn("Parquet", reader, writer) === null;

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
				const [follows, isFollowed] = statedByColumns[name] ?? stated[name];
				t.equal(byColumns(next, plain), follows, `${why}: backward by the oracle's columns`);
				t.equal(byColumns(plain, next), isFollowed, `${why}: forward by the oracle's columns`);
				t.equal(inParquet(next, plain), follows, `${why}: backward in Parquet`);
				t.equal(inParquet(plain, next), isFollowed, `${why}: forward in Parquet`);
			}
		t.end();
	},
);

t.test(
	"the formats part ways over the changes of which the README says so, and no others",
	async (t) => {
		const apart: ChangeName[] = [];
		for (const name of changeNames) if (areApart(await compared(name, 4))) apart.push(name);
		t.same(apart.toSorted(), Object.keys(statedByColumns).toSorted());
		t.match(await compared("enum-symbol-added"), {
			draws: 20,
			backward: { Avro: 20, Parquet: 20, unread: 0 },
			forward: { Avro: 0, Parquet: 20, unread: 20 },
		});
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
					t.equal(inParquet(versions[n]!, other), byColumns(versions[n]!, other), `${seed}, ${n}`);
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
		const histories = new Map<string, RecordSchema[]>(rules.map((rule) => [rule, [firstSchema]]));
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

t.test("what breaks one of the formats in use is refused, and no other", (t) => {
	const changed = (name: ChangeName) => {
		const next = structuredClone(firstSchema);
		changes[name](stream(1, name), next);
		return next;
	};
	const said = (name: ChangeName, inUse?: Format[]) =>
		refusal("BACKWARD", [firstSchema], changed(name), inUse);
	t.equal(
		said("union-widened"),
		"BACKWARD: this schema can't be written in Parquet: Order.note (no-column): a column has one type, and this is one of null, string, boolean",
	);
	t.equal(said("union-widened", ["Avro"]), null);
	t.match(
		said("decimal-widened"),
		/^BACKWARD: this schema can't read version 1 in Avro: Order\.price/,
	);
	t.equal(said("decimal-widened", ["Parquet"]), null);
	t.match(
		said("decimal-rescaled", ["Parquet"]),
		/in Parquet: Order\.price \(meaning-differs\): the reader has bytes decimal 9 3, the column BYTE_ARRAY decimal 9 2$/,
	);
	t.end();
});

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
		"BACKWARD_TRANSITIVE: this schema can't read version 1 in Avro: R.x (no-default): the writer has no such field",
	);
	t.end();
});
