import fc from "fast-check";
import t from "tap";
import { shrink, simplerParts } from "../../../scenarios/kit/shrink.ts";

/** A guard that lets through what `slips` says, and counts how often it is asked. */
async function shrunk(
	parts: number[],
	slips: (parts: readonly number[]) => boolean,
	triesMax = 1_000,
) {
	let asked = 0;
	const found = await shrink<readonly number[]>(
		parts,
		(parts) => simplerParts(parts, (part) => (part > 1 ? [Math.floor(part / 2)] : [])),
		async (parts) => {
			asked++;
			return slips(parts);
		},
		triesMax,
	);
	t.equal(found.triesCount, asked, "it says how often it asked");
	return found;
}

t.test("parts that are not needed are left out, and the one that is becomes small", async (t) => {
	const found = await shrunk([3, 800, 5, 7], (parts) => parts.some((part) => part >= 10));
	t.same(found.smallest, [12]);
	t.equal(found.done, true);
});

t.test("parts that slip through only together are kept together", async (t) => {
	const both = (parts: readonly number[]) => parts.includes(1) && parts.includes(2);
	t.same((await shrunk([9, 1, 9, 9, 2, 9], both)).smallest, [1, 2]);
});

t.test("what has no simpler form stays as it is", async (t) => {
	const found = await shrunk([1], () => true);
	t.same(found, { smallest: [1], triesCount: 0, done: true });
});

t.test(
	"what slips through only as a whole stays as it is, and all simpler forms were tried",
	async (t) => {
		const found = await shrunk([1, 1, 1], (parts) => parts.length === 3);
		t.same(found.smallest, [1, 1, 1]);
		t.equal(found.done, true);
		t.ok(found.triesCount >= 3);
	},
);

t.test("it stops where the tries run out, and says so", async (t) => {
	const found = await shrunk([1, 2, 3, 4, 5, 6, 7, 8], () => true, 1);
	t.same(found, { smallest: [1, 2, 3, 4], triesCount: 1, done: false });
});

t.test("no guard is asked about no change at all", async (t) => {
	await shrunk([4, 4, 4, 4, 4], (parts) => {
		t.ok(parts.length > 0);
		return true;
	});
});

t.test("what it finds slips through, and nothing simpler does", async (t) => {
	const part = fc.integer({ min: 1, max: 40 });
	await fc.assert(
		fc.asyncProperty(
			fc.array(part, { minLength: 1, maxLength: 7 }),
			fc.array(part, { minLength: 1, maxLength: 3 }),
			async (parts, needed) => {
				const slips = (some: readonly number[]) =>
					needed.every((need) => some.some((part) => part >= need));
				if (!slips(parts)) return;
				const { smallest, done } = await shrunk(parts, slips);
				t.ok(done && slips(smallest));
				for (const i of smallest.keys()) t.notOk(slips(smallest.toSpliced(i, 1)));
				for (const [i, part] of smallest.entries())
					if (part > 1) t.notOk(slips(smallest.with(i, Math.floor(part / 2))));
			},
		),
		{ numRuns: 100 },
	);
});
