import { fileURLToPath } from "node:url";
import t from "tap";
import { jsonLinesOf, noPython, pythonEnv } from "../../../python.ts";

const program = fileURLToPath(new URL("judged.py", import.meta.url));
const env = pythonEnv("scenarios/contracts/data-quality/validator");

type Result = {
	success: boolean;
	rule: string;
	columns: string[];
	info?: unknown;
	result?: object;
};

/** What is made of results of so many expectations, as Great Expectations leaves them. */
function judged(results: Result[], wanted = results.length): unknown {
	const [said] = jsonLinesOf(program, { env, input: JSON.stringify({ results, wanted }) });
	return said;
}

const held = { success: true, rule: "unique", columns: ["order_id"] };
const broken = {
	success: false,
	rule: "not_null",
	columns: ["quantity"],
	result: { unexpected_count: 3, element_count: 90, partial_unexpected_list: [null] },
};

t.test(
	"what does not hold is a finding, with its place and how many rows",
	{ skip: noPython },
	(t) => {
		const outOf = {
			success: false,
			rule: "in_range",
			columns: ["quantity"],
			result: { unexpected_count: 1, element_count: 90, partial_unexpected_list: [-1] },
		};
		const mean = {
			success: false,
			rule: "mean",
			columns: ["parcel_grams"],
			result: { observed_value: 1_300.5 },
		};
		t.same(judged([held, broken, outOf, mean]), {
			findings: [
				{ columns: ["quantity"], rule: "not_null", detail: "3 of 90 rows" },
				{ columns: ["quantity"], rule: "in_range", detail: "1 of 90 rows, such as -1" },
				{ columns: ["parcel_grams"], rule: "mean", detail: "observed 1300.5" },
			],
		});
		t.same(judged([held]), { findings: [] });
		t.end();
	},
);

t.test(
	"an error is no finding, whatever else was found, and neither is a result that is missing",
	{ skip: noPython },
	(t) => {
		const lost = "server closed the connection";
		const error = { raised_exception: true, exception_message: lost, exception_traceback: "" };
		const none = { raised_exception: false, exception_message: null, exception_traceback: null };
		for (const info of [error, { "('column.max', 'x', ())": error }, { a: none, b: error }])
			t.match(judged([broken, { ...held, success: false, info }]), { none: /server closed/ });
		t.same(
			judged([
				{ ...held, info: none },
				{ ...held, info: { a: none } },
			]),
			{ findings: [] },
		);
		t.match(judged([held], 2), { none: /of 2 expectations 1 have a result/ });
		t.end();
	},
);
