import t from "tap";
import type { Measured } from "../../load/measure.ts";
import { measureMax } from "../../load/measure-max.ts";
import { parseObjective } from "../../load/objective.ts";
import { summarize } from "../../load/summary.ts";

/** What a try at this rate measured: all as asked for, unless something else is given. */
function measuredAt(
	ratePerSec: number,
	given: { achievedPerSec?: number; p99Us?: number; late?: string[] } = {},
): Measured {
	const summary = summarize([], { fromMs: 0, toMs: 0 });
	const { achievedPerSec = ratePerSec, p99Us = 1_000, late = [] } = given;
	return {
		summary: {
			...summary,
			offered_per_sec: ratePerSec,
			achieved_per_sec: achievedPerSec,
			due_count: 100,
			ok_count: 100,
			ok_within_us: { ...summary.ok_within_us, p99: p99Us },
		},
		reasons: [],
		late,
		intervals: [],
		startedAt: new Date(0),
	};
}

const search = async (
	measureAt: (ratePerSec: number) => Measured,
	signal = new AbortController().signal,
) => {
	const lines: string[] = [];
	const result = await measureMax({
		objective: parseObjective("p99<20ms"),
		firstPerSec: 100,
		signal,
		say: (line) => lines.push(line),
		measureAt: async (ratePerSec) => measureAt(ratePerSec),
	});
	return { ...result, lines };
};

t.test("a rate holds only where objective, rate and generator are as they should be", async (t) => {
	const rows: [beyond: Parameters<typeof measuredAt>[1], why: RegExp][] = [
		[{ p99Us: 30_000 }, /\d+\/s {2}missed {2}p99<20ms: p99 was 30 ms/],
		[{ achievedPerSec: 500 }, /\d+\/s {2}missed {2}the rate was not reached/],
	];
	for (const [beyond, why] of rows) {
		const { found, measured, lines } = await search((rate) =>
			measuredAt(rate, rate > 520 ? beyond : {}),
		);
		t.ok(found.confirmed && found.ratePerSec! > 490 && found.ratePerSec! <= 520, String(why));
		t.equal(
			measured.summary.offered_per_sec,
			found.ratePerSec,
			"the measurement is one of that rate",
		);
		t.match(
			lines.find((line) => line.includes("missed")),
			why,
		);
		t.equal(lines.length, found.trials.length, "each try is told");
	}
});

t.test("what comes a little after the window still reached its rate", async (t) => {
	const { found } = await search((rate) =>
		measuredAt(rate, { achievedPerSec: rate * (rate > 300 ? 0.97 : 0.985) }),
	);
	t.ok(found.ratePerSec! > 280 && found.ratePerSec! <= 300, `${found.ratePerSec}`);
});

t.test("where no rate held, the last measurement is shown", async (t) => {
	const { found, measured } = await search((rate) => measuredAt(rate, { p99Us: 30_000 }));
	t.equal(found.ratePerSec, null);
	t.equal(measured.summary.offered_per_sec, found.trials.at(-1)?.ratePerSec);
});

t.test("the try during which it was stopped does not count", async (t) => {
	const stop = new AbortController();
	const { found, measured } = await search((rate) => {
		if (rate >= 800) stop.abort();
		return measuredAt(rate);
	}, stop.signal);
	t.match(found, { ratePerSec: 400, confirmed: false });
	t.equal(measured.summary.offered_per_sec, 400);
});

t.test("what is shown is of the rate found, also where a higher one held once", async (t) => {
	const stop = new AbortController();
	let triesAt200 = 0;
	const { found, measured } = await search((rate) => {
		if (rate === 200) triesAt200++;
		if (rate < 200 && triesAt200 === 2) stop.abort();
		const holds = rate < 200 || (rate === 200 && triesAt200 === 1);
		return measuredAt(rate, holds ? {} : { p99Us: 30_000 });
	}, stop.signal);
	t.match(found, { ratePerSec: 100, confirmed: false });
	t.equal(measured.summary.offered_per_sec, 100);
});

const late = { late: ["schedule lag was 1 s"], achievedPerSec: 1 };

t.test(
	"a try that the generator was late for is repeated, and counts when it is not",
	async (t) => {
		let lateLeft = 2;
		const { found, lines } = await search((rate) =>
			rate === 200 && lateLeft-- > 0
				? measuredAt(rate, late)
				: measuredAt(rate, rate > 520 ? { p99Us: 30_000 } : {}),
		);
		t.ok(found.confirmed && found.ratePerSec! > 490, `${found.ratePerSec}`);
		t.equal(found.limitedBy, "target");
		t.equal(lines.filter((line) => /200\/s {2}late {4}schedule lag was 1 s/.test(line)).length, 2);
	},
);

t.test("a rate at which it is always late is beyond the generator, which is said", async (t) => {
	const tries = new Map<number, number>();
	const { found } = await search((rate) => {
		tries.set(rate, (tries.get(rate) ?? 0) + 1);
		return measuredAt(rate, rate > 520 ? late : {});
	});
	t.match(found, { confirmed: true, limitedBy: "generator" });
	t.ok(
		[...tries].every(([rate, count]) => rate <= 520 || count === 3),
		"three tries each",
	);
});

t.test("a try whose objective depends on the generator's lateness counts as neither", async (t) => {
	const quick = summarize([], { fromMs: 0, toMs: 0 });
	const lateness = (p99: number) => ({
		added_us: 9_000,
		hidden_us: 15_000,
		late_count: 50,
		at_most: { ...quick.lateness!.at_most, ok_within_us: { ...quick.ok_within_us, p99 } },
	});
	const { found, lines } = await search((rate) => {
		const measured = measuredAt(rate);
		const atMostUs = rate > 520 ? 31_000 : 19_000;
		return { ...measured, summary: { ...measured.summary, lateness: lateness(atMostUs) } };
	});
	t.match(found, { confirmed: true, limitedBy: "generator" });
	t.ok(found.ratePerSec! <= 520, `${found.ratePerSec}`);
	t.match(lines.join("\n"), /late {4}p99<20ms: p99 was 1 ms, and .* perhaps 31 ms/);
});
