import t from "tap";
import { noneWrong } from "../../../scenarios/kit/none-wrong.ts";

const looked = { over: 40, held: "all 40 are right", broken: "of 40 some are not" };

t.test("where nothing is wrong it holds, and says so", (t) => {
	t.same(noneWrong({ ...looked, wrong: [] }), {
		over: 40,
		ok: true,
		expected: { wrongCount: 0 },
		actual: { wrongCount: 0, wrong: [] },
		message: "all 40 are right",
	});
	t.end();
});

t.test("where something is wrong it says what first, counts all and keeps ten", (t) => {
	const wrong = Array.from({ length: 12 }, (_, n) => `row ${n}`);
	const judged = noneWrong({ ...looked, wrong });
	t.equal(judged.ok, false);
	t.equal(judged.message, "of 40 some are not, the first: row 0");
	t.same(judged.actual, { wrongCount: 12, wrong: wrong.slice(0, 10) });
	t.end();
});
