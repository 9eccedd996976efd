import t from "tap";
import { isAsExpected } from "../../../daemon/judgement/as-expected.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";

type Judged = Parameters<typeof isAsExpected>[0];

const run = (
	verdict: Judged["verdict"],
	expect: Judged["expect"],
	guard: "on" | "off",
	failed: string[] = [],
): Judged => ({
	verdict,
	expect,
	params: { guard } as RunDocument["params"],
	checks: ["exactly-once", "rows-match"].map(
		(id) => ({ id, ok: !failed.includes(id) }) as RunDocument["checks"][number],
	),
});
const named = ["exactly-once"];

t.test(
	"a twin ends as it should by failing the checks that its scenario names, and by nothing else",
	(t) => {
		t.ok(isAsExpected(run("failed", "failed", "off", ["exactly-once", "rows-match"]), named));
		t.notOk(isAsExpected(run("failed", "failed", "off", ["rows-match"]), named));
		t.notOk(isAsExpected(run("passed", "failed", "off"), named));
		t.end();
	},
);

t.test("any other run does by its verdict", (t) => {
	t.ok(isAsExpected(run("passed", "passed", "on"), named));
	t.notOk(isAsExpected(run("failed", "passed", "on", ["exactly-once"]), named));
	t.ok(
		isAsExpected(run("failed", "failed", "on", ["rows-match"]), named),
		"a parameter that is there to fail",
	);
	t.ok(isAsExpected(run("passed", "passed", "off"), named), "a twin that is known to hold");
	t.notOk(isAsExpected(run("invalid", "failed", "off", ["exactly-once"]), named));
	t.end();
});
