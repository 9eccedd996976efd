import fc from "fast-check";
import t from "tap";
import { differingParts, digest } from "../../../scenarios/kit/digest.ts";

interface Row {
	id: string;
	cents: number;
}

const of = (rows: Iterable<Row> | AsyncIterable<Row>) =>
	digest(
		rows,
		(row) => row.id,
		(row) => `${row.id} ${row.cents}`,
	);
const row = fc.record({ id: fc.string(), cents: fc.nat() });
const rows = fc.array(row, { maxLength: 30 });
const someRows = fc.array(row, { minLength: 1, maxLength: 30 });

t.test("the order of the rows makes no difference", async (t) => {
	const shuffled = rows.chain((all) =>
		fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
	);
	await fc.assert(
		fc.asyncProperty(shuffled, async ([all, mixed]) => {
			const [a, b] = [await of(all), await of(mixed)];
			return JSON.stringify(a) === JSON.stringify(b) && differingParts(a, b).length === 0;
		}),
	);
	t.pass();
});

t.test("a row lost, doubled, or altered changes the checksum, and its own part", async (t) => {
	const changes: [what: string, change: (all: Row[], at: number) => Row[]][] = [
		["lost", (all, at) => all.toSpliced(at, 1)],
		["doubled", (all, at) => [...all, all[at]!]],
		["tripled", (all, at) => [...all, all[at]!, all[at]!]],
		["altered", (all, at) => all.with(at, { ...all[at]!, cents: all[at]!.cents + 1 })],
	];
	for (const [what, change] of changes) {
		await fc.assert(
			fc.asyncProperty(someRows, fc.nat(), async (all, n) => {
				const at = n % all.length;
				const [before, after] = [await of(all), await of(change(all, at))];
				const alone = await of([all[at]!]);
				const part = alone.parts.findIndex((sum) => sum !== "0000000000000000");
				return (
					before.checksum !== after.checksum &&
					JSON.stringify(differingParts(before, after)) === JSON.stringify([part])
				);
			}),
		);
		t.pass(what);
	}
});

t.test("amounts swapped between two rows change the checksum", async (t) => {
	const before = await of([
		{ id: "a", cents: 1 },
		{ id: "b", cents: 2 },
	]);
	const after = await of([
		{ id: "a", cents: 2 },
		{ id: "b", cents: 1 },
	]);
	t.not(before.checksum, after.checksum);
	t.equal(before.count, after.count);
	t.equal(differingParts(before, after).length, 2, "the two keys' parts");
});

t.test("the checksum is the sum of the first eight bytes of each row's SHA-256", async (t) => {
	const key = (row: string) => row;
	// printf a | sha256sum, and the same of b
	const [a, b] = [0xca978112ca1bbdcan, 0x3e23e8160039594an];
	const hex = (value: bigint) => value.toString(16).padStart(16, "0");
	t.equal((await digest(["a"], key)).checksum, hex(a));
	const { checksum, parts } = await digest(["a", "b"], key);
	t.equal(checksum, hex((a + b) & 0xffffffffffffffffn));
	t.equal(parts[0xca], hex(a), "by the first byte of its key's");
	t.equal(parts[0x3e], hex(b));
});

t.test("count, checksum and 256 parts; of no rows all are zero", async (t) => {
	const none = await of([]);
	t.match(none, { count: 0, checksum: "0".repeat(16) });
	t.equal(none.parts.length, 256);
	const two = await of([
		{ id: "a", cents: 1 },
		{ id: "a", cents: 1 },
	]);
	t.equal(two.count, 2);
	t.not(two.checksum, none.checksum, "two equal rows do not cancel out");
	t.match(two.checksum, /^[0-9a-f]{16}$/);
});

t.test(
	"rows may come one by one, as from a cursor; the key alone is the row's default content",
	async (t) => {
		async function* cursor() {
			yield { id: "a", cents: 1 };
			yield { id: "b", cents: 2 };
		}
		const list = [
			{ id: "a", cents: 1 },
			{ id: "b", cents: 2 },
		];
		t.same(await of(cursor()), await of(list));
		const key = (row: Row) => row.id;
		t.same(await digest(list, key), await digest(list, key, key));
	},
);
