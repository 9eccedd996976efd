import { join } from "node:path";
import t from "tap";
import { SuiteStore } from "../../../daemon/suites/store.ts";
import { begun, pairs, readySteps } from "./fake-suite.ts";

t.test("the newest record of a suite is found by its name, whatever else is called alike", (t) => {
	const store = new SuiteStore(join(t.testdir(), "suites"));
	t.equal(store.lastOf("pairs"), null, "nothing was kept yet");
	const document = begun(readySteps(pairs));
	const keep = (time: string, suite: string) => {
		const one = { ...document, id: `${time}-${suite}-0001`, suite };
		store.save(one);
		return one;
	};
	keep("20260201T030000Z", "pairs");
	const newest = keep("20260202T030000Z", "pairs");
	const other = keep("20260203T030000Z", "more-pairs");
	t.same(store.lastOf("pairs"), newest);
	t.same(store.lastOf("more-pairs"), other);
	t.same(store.ids(), [other.id, newest.id, "20260201T030000Z-pairs-0001"]);
	t.same(store.read(newest.id), newest);
	t.end();
});

t.test("an id is no path", (t) => {
	const store = new SuiteStore(t.testdir({ "secret.json": "{}", suites: {} }));
	for (const id of ["../secret", "..", "suites/../secret", ""]) {
		t.notOk(store.has(id), id);
		t.throws(() => store.read(id), { code: "FLT_NOT_FOUND" });
	}
	t.end();
});
