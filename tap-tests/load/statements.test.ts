import t from "tap";
import type { Statement } from "../../load/repeat.ts";
import { operationsOf } from "../../load/statements.ts";

const valuesOf = (values: Statement["values"], n: number) => {
	const statements = [{ text: "insert into v values ($1, $2)", values }];
	const [[only] = []] = operationsOf({ kind: "postgres", statements }, 1);
	return { values: only?.valuesOf(n), constant: only?.constant };
};

t.test("a value that is null stays NULL, beside a template as well", async (t) => {
	t.same(valuesOf([null, "null"], 7), { values: [null, "null"], constant: [null, "null"] });
	t.same(valuesOf([null, "{n}"], 7), { values: [null, "7"], constant: null });
});

t.test("a value that is no text is refused with its place", async (t) => {
	for (const [values, message] of [
		[["a", 5], /^value 2 of statement 1 .* is a number$/],
		[[{ k: 1 }], /^value 1 of statement 1 .* is a object$/],
		[[undefined], /^value 1 of statement 1 .* is a undefined$/],
	] as const)
		t.throws(() => valuesOf(values as unknown as Statement["values"], 0), {
			code: "FLT_PLAN_INVALID",
			message,
		});
});
