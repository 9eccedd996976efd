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
	const found = await findMax({
		...options,
		trial: async (rate) => (rate <= 300 ? "met" : rate < 1_000 ? "invalid" : "missed"),
	});
	t.match(found, { confirmed: true, limitedBy: "generator" });
	const other = await findMax({
		...options,
		trial: async (rate) => (rate <= 300 ? "met" : rate < 1_000 ? "missed" : "invalid"),
	});
	t.match(other, { confirmed: true, limitedBy: "target" });
});
