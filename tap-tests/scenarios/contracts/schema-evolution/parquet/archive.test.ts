import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import t, { type Test } from "tap";
import type { RecordSchema } from "../../../../../scenarios/contracts/schema-evolution/avro.ts";
import { firstSchema } from "../../../../../scenarios/contracts/schema-evolution/first-schema.ts";
import { messagesOf } from "../../../../../scenarios/contracts/schema-evolution/messages.ts";
import {
	type Files,
	parquet,
	rowsOf,
	writeArchive,
} from "../../../../../scenarios/contracts/schema-evolution/parquet/archive.ts";
import { readAll } from "../../../../../scenarios/contracts/schema-evolution/readings.ts";
import type { Entry } from "../../../../../scenarios/contracts/schema-evolution/registered.ts";
import { promisedPairs } from "../../../../../scenarios/contracts/schema-evolution/rules.ts";
import { defectiveFiles } from "../../../../fixtures/scenarios/schema-defects/defective-files.ts";
import { entriesOf, none, ruleOf, topicOf } from "../accepted.ts";

const seed = 8;

/** What readers of all versions see of an archive of so many events, written and read in this way. */
async function archived(t: Test, entries: readonly Entry[], count: number, files?: Files) {
	const folder = t.testdir();
	writeArchive(folder, messagesOf(topicOf(seed, entries, count), entries), entries, files);
	return { folder, ...(await readAll(rowsOf(folder, files), entries, ruleOf, seed)) };
}

t.test("all that was accepted is read of the archive by all to whom it is promised", async (t) => {
	const entries = entriesOf(seed, 90);
	const { readings, seen } = await archived(t, entries, 400);
	t.match(readings, { written: 400, unreadable: none, corrupted: none, unregistered: none });
	t.ok(readings.readings > 1_000 && readings.pairs > 100, `${readings.pairs} pairs`);
	t.equal(seen.size, 400);
});

t.test(
	"a version that is written by for long has more than one file, each with its number",
	async (t) => {
		const entries = entriesOf(seed, 0);
		const folder = t.testdir();
		writeArchive(folder, messagesOf(topicOf(seed, entries, 6 * 250), entries), entries);
		const files = readdirSync(folder).filter((file) => file.startsWith("orders-full-1-"));
		t.equal(files.length, 3);
		let rows = 0;
		for await (const _ of rowsOf(folder)) rows++;
		t.equal(rows, 1_500);
	},
);

t.test(
	"what a row is in Parquet is what its message is in Avro, whatever was accepted before",
	async (t) => {
		for (const history of [31, 32]) {
			const entries = entriesOf(history, 120);
			const topic = topicOf(seed, entries, 200);
			const messages = [...messagesOf(topic, entries)];
			const folder = t.testdir();
			writeArchive(folder, messages, entries);
			const readersOf = Map.groupBy(entries, ({ subject }) => subject);
			const byId = new Map(entries.map((entry) => [entry.id, entry]));
			const idOf = (value: unknown) => (value as { id: string }).id;
			const inAvro = new Map(
				messages.map((message) => [idOf(message.read(byId.get(message.schemaId)!)), message]),
			);
			let [readings, different] = [0, 0];
			for await (const row of rowsOf(folder)) {
				const of = byId.get(row.schemaId)!;
				const versions = readersOf.get(of.subject)!;
				for (const { reader, writer } of promisedPairs(ruleOf(of.subject), versions.length)) {
					if (versions[writer] !== of) continue;
					readings++;
					const by = versions[reader]!;
					const message = inAvro.get(idOf(row.read(of)))!;
					if (!isDeepStrictEqual(row.read(by), message.read(by))) different++;
				}
			}
			t.equal(different, 0, `${readings} readings of history ${history}`);
			t.ok(readings > 500);
		}
	},
);

t.test(
	"what should have been refused is left out or can't be read, and none of it is another value",
	async (t) => {
		const entries = entriesOf(seed, 90, true);
		const { readings, seen } = await archived(t, entries, 600);
		t.ok(seen.size < 600, "what has no column is in no file");
		t.ok(readings.unreadable.count > 0);
		t.match(
			readings.unreadable.first[0],
			/^event \d+ of orders-\S+, written by version \d+ and read by \d+: Unfit: Order/,
		);
		t.same(readings.unregistered, none);
	},
);

t.test(
	"a file that is torn, of nobody, or of a version that is not registered is told",
	async (t) => {
		const [first] = entriesOf(seed, 0);
		const { folder } = await archived(t, [first!], 3);
		const [name] = readdirSync(folder);
		const bytes = readFileSync(join(folder, name!));
		writeFileSync(join(folder, "torn.parquet"), bytes.subarray(0, -20));
		const strange = parquet.write({ ...first!, id: 99 }, []);
		t.equal((await parquet.open(strange)).schemaId, 99);
		const { readings } = await readAll(rowsOf(folder), [first!], ruleOf, seed);
		t.match(readings, { written: 4, unreadable: none, corrupted: none });
		t.match(readings.unregistered, { count: 1, first: [/^torn\.parquet \(.*\) by schema 0$/] });
		const others = await readAll(rowsOf(folder), [{ ...first!, id: 98 }], ruleOf, seed);
		t.match(others.readings.unregistered, {
			count: 4,
			first: [/^row 1 of orders-backward-1-1.parquet by schema 1$/],
		});
	},
);

const misread: [defect: keyof typeof defectiveFiles, said: RegExp][] = [
	["by-position", /written by version \d+ and read by \d+: /],
	["cuts-promoted", /read by \d+: \w+ is -?\d+ and should be -?\d+/],
	["other-unit", /read by \d+: placed_at is/],
	["other-scale", /read by \d+: price is/],
	["null-for-default", /read by \d+: \w+(\.\w+)* is null and should be/],
	["first-version", /read by \d+: /],
];
for (const [defect, said] of misread)
	t.test(
		`a reader or writer with the defect ${defect} is caught, with field and versions named`,
		async (t) => {
			const { readings } = await archived(t, entriesOf(seed, 90), 300, defectiveFiles[defect]);
			const { corrupted, unreadable } = readings;
			t.ok(corrupted.count + unreadable.count > 0);
			t.match([...corrupted.first, ...unreadable.first].join("\n"), new RegExp(said, "m"));
		},
	);

t.test("a batch that got lost is not in the archive", async (t) => {
	const { seen } = await archived(t, entriesOf(seed, 30), 300, defectiveFiles["loses-a-batch"]);
	t.ok(seen.size > 0 && seen.size < 300);
});

t.test("a column that moved is read as it was by name, and as another by its place", async (t) => {
	const moved: RecordSchema = { ...firstSchema, fields: firstSchema.fields.toReversed() };
	const entries = [firstSchema, moved].map((schema, n) => ({
		id: n + 1,
		subject: "orders-full",
		version: n + 1,
		schema,
	}));
	t.match((await archived(t, entries, 20)).readings, { unreadable: none, corrupted: none });
	const { unreadable, corrupted } = (await archived(t, entries, 20, defectiveFiles["by-position"]))
		.readings;
	t.equal(unreadable.count + corrupted.count, 20, "each of those who read the other's");
});
