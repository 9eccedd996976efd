import t from "tap";
import { noHistory } from "../../../daemon/compare/estimate.ts";
import { quickLooks } from "../../../daemon/compare/looks.ts";
import { duet } from "../../../daemon/duet/duet.ts";
import type { Measure, Pair } from "../../../daemon/record/duet.ts";

interface Planted {
	dropped?: boolean;
	/** How much worse B was, by every metric. */
	worseLog?: number | null;
	errors?: boolean;
	advisoryLog?: number;
	failed?: Pair["failed"];
}

/** A duet of sessions as they are planted, by index; small noise of its own that is never quite the same. */
async function performed(planted: (index: number) => Planted) {
	const firsts: string[] = [];
	let turn = 0;
	const result = await duet({
		plan: { shape: { kind: "whole" }, looks: quickLooks },
		noise: () => noHistory,
		first: () => (turn++ % 2 === 0 ? "a" : "b"),
		perform: async (index, first) => {
			firsts.push(first);
			const { dropped = false, worseLog = 0, advisoryLog = 0, errors = false } = planted(index);
			const { failed = { a: [], b: [] } } = planted(index);
			const measure = (name: string, log: number | null, role: Measure["role"] = "gate") => ({
				name,
				role,
				marginLog: Math.log(1.05),
				matters: true,
				censored: [],
				worseLog: log === null ? null : log + 0.01 * Math.sin(index + 1),
			});
			return {
				index,
				first,
				startedAt: "",
				tookMs: 1,
				turns: [],
				loads: [],
				failed,
				stealPct: 0,
				measures: [
					measure("p50", worseLog),
					measure("p99", worseLog),
					{ ...measure("errors", worseLog), matters: errors },
					measure("others.p50", advisoryLog, "advisory"),
				],
				dropped: dropped ? "noise" : null,
			};
		},
		say() {},
	});
	return { ...result, firsts };
}

t.test("two alike are the same at the first look; a quarter slower has regressed", async (t) => {
	const same = await performed(() => ({}));
	t.match(same, { verdict: { outcome: "same" }, firsts: ["a", "b", "a"] });
	t.equal(same.pairs.length, 3);
	const slower = await performed(() => ({ worseLog: Math.log(1.25) }));
	t.match(slower.verdict, { outcome: "regressed", why: /^p50 \+2\d\.\d% .* — regressed\.$/ });
	const faster = await performed(() => ({ worseLog: -Math.log(1.25) }));
	t.equal(faster.verdict.outcome, "improved");
});

t.test("what can't be told goes on to the last look", async (t) => {
	const { pairs, verdict } = await performed((index) => ({ worseLog: 0.2 * Math.sin(7 * index) }));
	t.equal(pairs.length, 10);
	t.match(verdict, { outcome: "cannot_tell", why: /cannot tell; .*pairs would/ });
});

t.test("errors are a gate only where there are any", async (t) => {
	const names = async (errors: boolean) =>
		(await performed(() => ({ errors }))).verdict.metrics.map(({ name }) => name);
	t.same(await names(false), ["p50", "p99", "others.p50"]);
	t.same(await names(true), ["p50", "p99", "errors", "others.p50"]);
});

t.test("what is advisory is told, and decides nothing", async (t) => {
	const { verdict } = await performed(() => ({ advisoryLog: 1 }));
	t.match(verdict, { outcome: "same", metrics: { 2: { role: "advisory", outcome: "regressed" } } });
});

t.test("a metric with too few samples is missing, and the others are judged", async (t) => {
	const { verdict } = await performed(() => ({ worseLog: null }));
	t.match(verdict, { outcome: "cannot_tell", why: /nothing that both sides could be compared by/ });
	t.match(verdict.metrics.at(-1), { outcome: "missing", sentence: /too few/ });
});

t.test("a correctness check that only B fails is a regression whatever the times", async (t) => {
	const failing = (a: string[], b: string[]) =>
		performed(() => ({ failed: { a, b }, worseLog: -0.5 }));
	const { verdict, pairs } = await failing([], ["none-lost"]);
	t.match(verdict, { outcome: "regressed", why: "B fails none-lost, which A passes" });
	t.equal(pairs.length, 1, "one is enough");
	t.equal((await failing(["none-lost"], ["none-lost"])).verdict.outcome, "improved");
});

t.test("a dropped pair is kept in the record and counts in no look", async (t) => {
	const { pairs, verdict } = await performed((index) => ({ dropped: index === 1 }));
	t.equal(verdict.outcome, "same");
	t.equal(pairs.length, 4);
});

t.test("where more than a fifth of the pairs is dropped nothing is decided", async (t) => {
	const { pairs, verdict } = await performed((index) => ({ dropped: index < 3 }));
	t.match(verdict, { outcome: "cannot_tell", why: /^3 of 5 pairs were dropped/ });
	t.equal(pairs.length, 5);
});
