import fc from "fast-check";
import t from "tap";
import type { FaultRecord } from "../../../chaos/injection.ts";
import { ended } from "../../../daemon/host/check-end.ts";
import type { CheckEnd, CheckOutcome } from "../../../daemon/host/protocol.ts";
import { reasonsOf, type Weight, weights } from "../../../daemon/judgement/reasons.ts";
import { judgeRun } from "../../../daemon/judgement/verdict.ts";
import { type Reason, type ReasonCode, reasonCodes } from "../../../daemon/record/document.ts";
import type { Facts } from "../../../scenarios/contract/facts.ts";

type Kind = CheckOutcome["kind"];
const check = (kind: Kind, outcome: CheckEnd, id = `${kind}-${outcome}`): CheckOutcome => ({
	id,
	case: null,
	kind,
	shapedBy: kind === "performance" ? "timing" : null,
	...ended(outcome),
	expected: null,
	actual: null,
	message: "as seen",
});
const reason = (code: ReasonCode): Reason => ({ code, message: code });
const right = check("correctness", "held");
const wrong = check("correctness", "failed");
const quick = check("performance", "held");
const slow = check("performance", "failed");
const threw = check("correctness", "threw");
/** A count that is another one on a machine that is late. */
const shaped: CheckOutcome = { ...check("correctness", "failed", "shaped"), shapedBy: "timing" };
const open = check("correctness", "cannot_tell");
/** What a generator in time would have shown is not known. */
const byLateness: CheckOutcome = { ...check("performance", "cannot_tell"), openBy: "lateness" };

t.test("the order is: wrong, invalid, slow, passed", (t) => {
	const rows: [checks: CheckOutcome[], found: ReasonCode[], verdict: string, why: string][] = [
		[[right, quick], [], "passed", "nothing is to be said against it"],
		[[], [], "passed", "a run without checks"],
		[[wrong, quick], [], "failed", "wrong is wrong"],
		[[right, slow], [], "failed", "slow is a failure where the run is valid"],
		[[right, slow], ["generator_saturated"], "invalid", "slow, but by whose fault?"],
		[[wrong], ["generator_saturated"], "failed", "wrong, whatever the generator did"],
		[[wrong], ["stopped"], "failed", "stopped, but what was counted counts"],
		[[right], ["stopped"], "invalid", "half a run says nothing"],
		[[threw], [], "invalid", "a check that threw has not judged"],
		[[threw, wrong], [], "failed", "another check has"],
		[[threw, slow], [], "invalid", "a slow run with a check that threw"],
		[[check("performance", "threw")], [], "invalid", "whatever kind of check threw"],
		[[right], ["aborted"], "failed", "the abort condition is the scenario's own no"],
		[[right], ["stopped", "host_died"], "failed", "a failure by itself comes before invalid"],
		[[open], [], "invalid", "nobody knows whether it holds"],
		[[open, wrong], [], "failed", "another check knows"],
		[[open, slow], [], "failed", "too slow, whatever the open check would say"],
		[[open, slow], ["host_paused"], "invalid", "slow, but by whose fault?"],
		[[slow], ["host_late"], "invalid", "the run's process did not come to it"],
		[[byLateness], [], "invalid", "in time it may have ended otherwise"],
		[[byLateness, slow], [], "failed", "another is too slow whenever it was done"],
		[[shaped], [], "failed", "too many tries"],
		[
			[shaped],
			["steady_not_reached"],
			"invalid",
			"too many tries, on a machine that was never well",
		],
		[[shaped, wrong], ["steady_not_reached"], "failed", "another is wrong whenever it was done"],
		[[right], ["subject_ended"], "failed", "a process that was to stay has gone"],
		[[right], ["not_recovered"], "failed", "it did not come back"],
		[[right], ["not_recovered", "steady_not_reached"], "invalid", "it was never there"],
		[[right], ["nothing_ok"], "invalid", "nothing succeeded that could be lost"],
	];
	for (const [checks, found, verdict, why] of rows)
		t.equal(judgeRun(checks, found.map(reason)).verdict, verdict, why);
	t.end();
});

t.test("each code by itself does to a run whose checks are good what its weight says", (t) => {
	const verdictOf: Record<Weight, string> = {
		fails: "failed",
		fails_if_valid: "failed",
		invalidates: "invalid",
		leaves_open: "invalid",
		as_its_check: "passed", // there is no reason of this kind without its check
	};
	for (const code of reasonCodes)
		t.equal(judgeRun([right], [reason(code)]).verdict, verdictOf[weights[code]], code);
	t.same(Object.keys(weights).sort(), [...reasonCodes].sort());
	t.end();
});

t.test(
	"the reasons name every failed check, correctness first, then what threw, then the rest",
	(t) => {
		const inCase = { ...check("performance", "failed", "late"), case: "key-1k" };
		const { reasons } = judgeRun([slow, inCase, threw, wrong], [reason("host_paused")]);
		t.same(reasons, [
			{ code: "check_failed", message: "correctness-failed: as seen" },
			{ code: "check_failed", message: "performance-failed: as seen" },
			{ code: "check_failed", message: "late (key-1k): as seen" },
			{ code: "check_threw", message: "correctness-threw: as seen" },
			{ code: "host_paused", message: "host_paused" },
		]);
		t.same(judgeRun([right, quick], []).reasons, []);
		t.same(
			judgeRun([open, byLateness, { ...byLateness, openBy: "others" }], []).reasons.map(
				({ code }) => code,
			),
			["cannot_tell", "generator_late", "host_busy"],
			"and by what a check is open",
		);
		t.end();
	},
);

t.test(
	"a run is passed only without any reason, and a wrong one is never saved by another",
	(t) => {
		const checks = fc.array(fc.constantFrom(right, wrong, quick, slow, threw, open));
		const found = fc.array(
			fc.constantFrom(...reasonCodes.filter((code) => code !== "check_failed")),
		);
		fc.assert(
			fc.property(checks, found, (checks, found) => {
				const { verdict, reasons } = judgeRun(checks, found.map(reason));
				if (checks.includes(wrong)) return verdict === "failed";
				return (verdict === "passed") === (reasons.length === 0);
			}),
		);
		t.end();
	},
);

t.test("what became of faults and recovery speaks against a case, by their codes", (t) => {
	const fault = (state: string) =>
		({ state, kind: "timeout", on: "db", seen: ["it answers"] }) as unknown as FaultRecord;
	const recovery = { mttrMs: 9_000, afterHealMs: 8_000, censored: true };
	const late = { noticed: [], faults: [], facts: { recovery } as Facts, doubt: null };
	const rows: [result: Parameters<typeof reasonsOf>[0], codes: ReasonCode[], why: string][] = [
		[
			{ noticed: [], faults: [fault("healed")], facts: null, doubt: null },
			[],
			"all went as planned",
		],
		[
			{ noticed: [], faults: [fault("no_effect")], facts: null, doubt: null },
			["fault_no_effect"],
			"no effect",
		],
		[
			{ noticed: [], faults: [fault("heal_failed")], facts: null, doubt: null },
			["heal_failed"],
			"not healed",
		],
		[late, ["not_recovered"], "it did not come back within its limit"],
		[
			{ ...late, facts: { recovery: { ...recovery, censored: false } } as Facts },
			[],
			"it came back late, and it came back",
		],
		[{ ...late, facts: { recovery: null } as Facts }, [], "nothing was there to come back"],
		[{ ...late, noticed: [reason("stopped")] }, ["stopped", "not_recovered"], "what was noticed"],
	];
	for (const [result, codes, why] of rows)
		t.same(
			reasonsOf(result, []).map(({ code }) => code),
			codes,
			why,
		);
	t.same(reasonsOf(late, ["not_recovered"]), [], "but for what its scenario tolerates by name");
	t.same(
		reasonsOf({ ...late, noticed: [reason("stopped")] }, ["not_recovered"]),
		[reason("stopped")],
		"and nothing else",
	);
	const seen = ["it answers", "in 3 ms"];
	const broken = [fault("no_effect"), fault("heal_failed")] as const;
	t.match(
		reasonsOf({ ...late, facts: null, faults: [{ ...broken[0], seen }] }, [])[0]?.message,
		/^timeout on db: it answers\W+in 3 ms$/,
	);
	t.match(
		reasonsOf({ ...late, facts: null, faults: [{ ...broken[1], seen: [] }] }, [])[0]?.message,
		/^timeout on db: nothing/,
	);
	t.match(reasonsOf(late, [])[0]?.message, "8000 ms");
	const doubt = (early: Facts["recovery"]) => ({
		recovery: { early, late: recovery },
		straddlingCount: 0,
		beyond: null,
		starved: null,
	});
	t.match(
		reasonsOf({ ...late, doubt: doubt({ ...recovery, censored: false }) }, []),
		[{ code: "generator_late", message: /8000 ms .* with a generator in time it might have$/ }],
		"whether it came back depends on the generator's lateness",
	);
	t.match(reasonsOf({ ...late, doubt: doubt(recovery) }, []), [{ code: "not_recovered" }]);
	const starved = { ...doubt(recovery), starved: "others took 90 %" };
	t.match(
		reasonsOf({ ...late, noticed: [reason("steady_not_reached")], doubt: starved }, []),
		[
			{ code: "steady_not_reached", message: "steady_not_reached; others took 90 %" },
			{ code: "host_busy", message: /8000 ms .*; others took 90 %$/ },
		],
		"others had the processor",
	);
	const noticed = [reason("stopped"), reason("steady_not_reached")];
	t.same(
		reasonsOf({ ...late, facts: null, noticed, doubt: null }, []),
		noticed,
		"nothing is known of others",
	);
	t.same(
		reasonsOf({ ...late, facts: null, noticed: [noticed[0]!], doubt: starved }, []),
		[noticed[0]],
		"they did not stop it",
	);
	t.end();
});
