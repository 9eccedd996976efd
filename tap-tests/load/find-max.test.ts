import fc from "fast-check";
import t from "tap";
import { findMax, type TrialOutcome } from "../../load/find-max.ts";

const options = {
	firstPerSec: 100,
	mostPerSec: 1_000_000,
	precision: 0.05,
	confirmations: 2,
	trialsMax: 40,
};

const told = (held: boolean): TrialOutcome => (held ? "met" : "missed");

for (const limit of [1, 3, 99, 100, 101, 777, 12_345, 999_999])
	t.test(`finds ${limit}/s to within 5 %, and tries it three times in all`, async (t) => {
		const found = await findMax({ ...options, trial: async (rate) => told(rate <= limit) });
		t.ok(found.confirmed);
		t.ok(
			found.ratePerSec! <= limit && found.ratePerSec! * 1.08 >= limit - 1,
			`${found.ratePerSec}`,
		);
		const last = found.trials.slice(-3);
		t.same(
			last,
			last.map(() => ({ ratePerSec: found.ratePerSec, outcome: "met" })),
		);
	});

t.test("a target that takes every rate is tried up to the most, and no further", async (t) => {
	const found = await findMax({ ...options, trial: async () => "met" });
	t.match(found, { ratePerSec: 1_000_000, confirmed: true, limitedBy: null });
	t.ok(found.trials.every(({ ratePerSec }) => ratePerSec <= 1_000_000));
});

t.test("a rate that holds once and not again is not the answer", async (t) => {
	let tries = 0;
	const found = await findMax({
		...options,
		trial: async (rate) => told(rate <= 200 || (rate <= 400 && ++tries === 1)),
	});
	t.match(found, { confirmed: true });
	t.ok(found.ratePerSec! >= 190 && found.ratePerSec! <= 200, `${found.ratePerSec}`);
});

t.test("where nothing holds it says so, and ends", async (t) => {
	const found = await findMax({ ...options, trial: async () => "missed" });
	t.match(found, { ratePerSec: null, confirmed: false, limitedBy: "target" });
	t.ok(found.trials.length < 12);
});

t.test("a search that is stopped says what it has, unconfirmed", async (t) => {
	let left = 3;
	const found = await findMax({ ...options, trial: async () => (left-- > 0 ? "met" : null) });
	t.match(found, { ratePerSec: 400, confirmed: false });
});

t.test("what kept it from more is said of the lowest rate that did not hold", async (t) => {
	const from = { ...options, firstPerSec: 2_000 };
	const found = await findMax({
		...from,
		trial: async (rate) => (rate <= 300 ? "met" : rate < 1_000 ? "invalid" : "missed"),
	});
	t.match(found, { confirmed: true, limitedBy: "generator" });
	const other = await findMax({
		...from,
		trial: async (rate) => (rate <= 300 ? "met" : rate < 1_000 ? "missed" : "invalid"),
	});
	t.match(other, { confirmed: true, limitedBy: "target" });
});

/** The rates that are tried where those up to the limit hold. */
async function ratesTried(limit: number, given: Partial<typeof options>): Promise<number[]> {
	const trial = async (rate: number) => told(rate <= limit);
	const { trials } = await findMax({ ...options, ...given, trial });
	return trials.map(({ ratePerSec }) => ratePerSec);
}

t.test("no rate is tried that would not tell more", async (t) => {
	const rows: [limit: number, given: Partial<typeof options>, rates: number[], why: string][] = [
		[300, {}, [100, 200, 400, 283, 336, 308, 295, 295, 295], "4.4 % apart are close enough"],
		[100, { precision: 1 }, [100, 200, 100, 100, 100], "once more is once more at most"],
		[0, { firstPerSec: 1 }, [1, 0.5], "one in two seconds is the least"],
		[1e9, { trialsMax: 3 }, [100, 200, 400], "as many as are allowed"],
	];
	for (const [limit, given, rates, why] of rows) t.same(await ratesTried(limit, given), rates, why);
	const close = await ratesTried(100, { precision: 0.001 });
	t.same(close.slice(-4), [101, 100, 100, 100], "between these is no rate of three digits");
});

t.test(
	"a rate above the one found that held at first does not tell why there is no more",
	async (t) => {
		let triesAt200 = 0;
		const trial = async (rate: number) => told(rate < 200 || (rate === 200 && ++triesAt200 === 1));
		const found = await findMax({ ...options, precision: 1, trial });
		t.match(found, { ratePerSec: 100, confirmed: true, limitedBy: "target" });
	},
);

t.test("however a target and a generator waver, the answer is what the tries say", async () => {
	const outcome = fc.constantFrom<TrialOutcome>("met", "missed", "invalid");
	const given = fc.record({
		outcomes: fc.array(outcome, { minLength: 1, maxLength: 40 }),
		firstPerSec: fc.integer({ min: 1, max: 2_000 }),
		precision: fc.constantFrom(0.01, 0.05, 0.5),
	});
	await fc.assert(
		fc.asyncProperty(given, async ({ outcomes, firstPerSec, precision }) => {
			const left = outcomes.values();
			const trial = async () => left.next().value ?? null;
			const found = await findMax({ ...options, firstPerSec, precision, trial });
			const { ratePerSec, confirmed, limitedBy, trials } = found;
			const held = trials.filter(({ outcome }) => outcome === "met");
			const beyond = trials
				.filter(({ outcome }) => outcome !== "met")
				.sort((a, b) => a.ratePerSec - b.ratePerSec);
			const lowest = beyond[0];
			const below = held.filter((one) => one.ratePerSec < (lowest?.ratePerSec ?? Infinity));
			const best = below.length === 0 ? null : Math.max(...below.map((one) => one.ratePerSec));
			if (ratePerSec !== best) throw new Error(`${ratePerSec}, and ${best} held`);
			const why = { met: null, missed: "target", invalid: "generator" } as const;
			if (limitedBy !== why[lowest?.outcome ?? "met"]) throw new Error(`by the ${limitedBy}`);
			const last = trials.slice(-3);
			if (confirmed && last.some((one) => one.outcome !== "met" || one.ratePerSec !== best))
				throw new Error(`${best} did not hold three times`);
		}),
	);
});
