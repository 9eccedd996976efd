import t from "tap";
import { Aimd } from "../../../scenarios/subjects/aimd.ts";

const options = { start: 8, least: 2, most: 10, keptShare: 0.5 };

t.test("it grows in steps up to its most, and is cut by a share down to its least", (t) => {
	const aimd = new Aimd(options);
	t.equal(aimd.limit, 8);
	aimd.increase(1.5);
	t.equal(aimd.limit, 9.5);
	aimd.increase(1.5);
	t.equal(aimd.limit, 10);
	t.ok(aimd.decrease(0, 100));
	t.equal(aimd.limit, 5);
	aimd.decrease(100, 100);
	aimd.decrease(200, 100);
	t.equal(aimd.limit, 2);
	t.end();
});

t.test("what was under way before a cut does not cut again", (t) => {
	const aimd = new Aimd(options);
	aimd.decrease(1_000, 100);
	t.notOk(aimd.decrease(1_099, 100));
	t.equal(aimd.limit, 4);
	t.ok(aimd.decrease(1_100, 100));
	t.equal(aimd.limit, 2);
	t.end();
});
