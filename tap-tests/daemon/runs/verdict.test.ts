import fc from "fast-check";
import t from "tap";
import type { CheckOutcome } from "../../../daemon/host/protocol.ts";
import { type Reason, type ReasonCode, reasonCodes } from "../../../daemon/runs/document.ts";
import { judgeRun } from "../../../daemon/runs/verdict.ts";

type Kind = CheckOutcome["kind"];
const check = (kind: Kind, ok: boolean | null, id = `${kind}-${ok}`): CheckOutcome => ({
	id,
	case: null,
	kind,
	ok,
	expected: null,
	actual: null,
	message: "as seen",
});
const reason = (code: ReasonCode): Reason => ({ code, message: code });
const right = check("correctness", true);
const wrong = check("correctness", false);
const quick = check("performance", true);
const slow = check("performance", false);
const threw = check("correctness", null);

/** Reasons by which a run says nothing about the system under test, and those that are a failure by themselves. */
const invalidating: ReasonCode[] = [
	"generator_saturated",
	"host_paused",
	"fault_no_effect",
	"heal_failed",
	"steady_not_reached",
	"check_threw",
	"stopped",
	"crashed",
	"offered_not_reached",
	"component_lost",
];
const failing: ReasonCode[] = ["host_died", "hook_limit", "aborted"];

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
		[[check("performance", null)], [], "invalid", "whatever kind of check threw"],
		[[right], ["aborted"], "failed", "the abort condition is the scenario's own no"],
		[[right], ["stopped", "host_died"], "failed", "a failure by itself comes before invalid"],
	];
	for (const [checks, found, verdict, why] of rows)
		t.equal(judgeRun(checks, found.map(reason)).verdict, verdict, why);
	t.end();
});

t.test("each code of the closed list is sorted, for a run whose checks are good", (t) => {
	for (const code of invalidating)
		t.equal(judgeRun([right], [reason(code)]).verdict, "invalid", code);
	for (const code of failing) t.equal(judgeRun([right], [reason(code)]).verdict, "failed", code);
	t.same([...invalidating, ...failing, "check_failed"].sort(), [...reasonCodes].sort());
	t.end();
});

t.test(
	"the reasons name every failed check, correctness first, then what threw, then the rest",
	(t) => {
		const inCase = { ...check("performance", false, "late"), case: "key-1k" };
		const { reasons } = judgeRun([slow, inCase, threw, wrong], [reason("host_paused")]);
		t.same(reasons, [
			{ code: "check_failed", message: "correctness-false: as seen" },
			{ code: "check_failed", message: "performance-false: as seen" },
			{ code: "check_failed", message: "late (key-1k): as seen" },
			{ code: "check_threw", message: "correctness-null: as seen" },
			{ code: "host_paused", message: "host_paused" },
		]);
		t.same(judgeRun([right, quick], []).reasons, []);
		t.end();
	},
);

t.test(
	"a run is passed only without any reason, and a wrong one is never saved by another",
	(t) => {
		const checks = fc.array(fc.constantFrom(right, wrong, quick, slow, threw));
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
