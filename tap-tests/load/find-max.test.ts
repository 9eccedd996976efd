import t from "tap";
import { findMax } from "../../load/find-max.ts";

const options = {
	firstPerSec: 100,
	mostPerSec: 1_000_000,
	precision: 0.05,
	confirmations: 2,
	trialsMax: 40,
};

for (const limit of [1, 3, 99, 100, 101, 777, 12_345, 999_999])
	t.test(`finds ${limit}/s to within 5 %, and tries it three times in all`, async (t) => {
		const found = await findMax({ ...options, trial: async (rate) => rate <= limit });
		t.ok(found.confirmed);
		t.ok(
			found.ratePerSec! <= limit && found.ratePerSec! * 1.08 >= limit - 1,
			`${found.ratePerSec}`,
		);
		const last = found.trials.slice(-3);
		t.same(
			last,
			last.map(() => ({ ratePerSec: found.ratePerSec, met: true })),
		);
	});

t.test("a target that takes every rate is tried up to the most, and no further", async (t) => {
	const found = await findMax({ ...options, trial: async () => true });
	t.match(found, { ratePerSec: 1_000_000, confirmed: true });
	t.ok(found.trials.every(({ ratePerSec }) => ratePerSec <= 1_000_000));
});

t.test("a rate that holds once and not again is not the answer", async (t) => {
	let tries = 0;
	const found = await findMax({
		...options,
		trial: async (rate) => rate <= 200 || (rate <= 400 && ++tries === 1),
	});
	t.match(found, { confirmed: true });
	t.ok(found.ratePerSec! >= 190 && found.ratePerSec! <= 200, `${found.ratePerSec}`);
});

t.test("where nothing holds it says so, and ends", async (t) => {
	const found = await findMax({ ...options, trial: async () => false });
	t.match(found, { ratePerSec: null, confirmed: false });
	t.ok(found.trials.length < 12);
});

t.test("a search that is stopped says what it has, unconfirmed", async (t) => {
	let left = 3;
	const found = await findMax({ ...options, trial: async () => (left-- > 0 ? true : null) });
	t.match(found, { ratePerSec: 400, confirmed: false });
});
