import fc from "fast-check";
import t from "tap";
import {
	ContractBroken,
	keepContract,
	manifestOf,
} from "../../../../scenarios/failing/failure-modes/pipeline/contract.ts";
import { transform } from "../../../../scenarios/failing/failure-modes/pipeline/steps.ts";
import { expectedRows, sourceRows } from "../../../../scenarios/failing/failure-modes/source.ts";

const rows = sourceRows(1, 7, 20);

t.test("a delivery that is whole keeps its contract, in whatever order it came", (t) => {
	keepContract(manifestOf(rows), rows);
	keepContract(manifestOf(rows), rows.toReversed());
	t.end();
});

t.test("a delivery that is short, long or altered breaks it, and says how", (t) => {
	const manifest = manifestOf(rows);
	const altered = rows.with(3, { ...rows[3]!, grossCents: rows[3]!.grossCents + 1 });
	const bad: [delivered: typeof rows, said: RegExp][] = [
		[rows.slice(0, 12), /^12 rows came, the manifest says 20$/],
		[[], /^0 rows came/],
		[[...rows, rows[0]!], /^21 rows came/],
		[altered, /^the checksum is \w{16}, the manifest says \w{16}$/],
		[rows.with(4, rows[5]!), /checksum/],
	];
	for (const [delivered, said] of bad) {
		const error = t.throws(() => keepContract(manifest, delivered)) as ContractBroken;
		t.ok(error instanceof ContractBroken);
		t.match(error.message, said);
	}
	t.end();
});

t.test("a batch is a function of seed and number, and differs by both", (t) => {
	t.same(sourceRows(1, 7, 20), rows);
	t.same(sourceRows(1, 7, 5), rows.slice(0, 5), "a longer batch begins like a shorter one");
	t.notSame(sourceRows(2, 7, 20), rows);
	t.notSame(sourceRows(1, 8, 20), rows);
	t.end();
});

t.test("the transformation and the ground truth split every amount alike, to the cent", (t) => {
	for (let seed = 1; seed <= 50; seed++)
		t.same(sourceRows(seed, seed, 40).map(transform), expectedRows(seed, seed, 40));
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 100_000_000 }), (grossCents) => {
			const { netCents, vatCents } = transform({ line: 0, customer: "", grossCents });
			return netCents + vatCents === grossCents && Math.abs(vatCents - netCents * 0.19) <= 0.6;
		}),
	);
	t.end();
});
