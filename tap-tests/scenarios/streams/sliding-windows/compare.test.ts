import t from "tap";
import { compare } from "../../../../scenarios/streams/sliding-windows/compare.ts";

const window = { count: 2, sum: 30, max: 20 };
const expected = new Map([
	["1m/0/ana", window],
	["5m/0/ana", window],
	["1h/0/ana", window],
]);
const given = (key: string, value: object = { user: "ana", ...window }) => ({
	key,
	value: JSON.stringify(value),
});
const all = [...expected.keys()].map((key) => given(key));

t.test("results that are as they should be are right", (t) => {
	const none = { count: 0, first: [] };
	t.same(compare(all, expected), {
		expectedCount: 3,
		rightCount: 3,
		wrong: none,
		missing: none,
		extra: none,
		again: none,
	});
	t.end();
});

t.test("each kind of mistake is told from the others, with where it is", (t) => {
	const wrongs = [{ count: 3 }, { sum: 31 }, { max: 21 }];
	for (const wrong of wrongs)
		t.match(compare([given("1m/0/ana", { ...window, ...wrong }), ...all.slice(1)], expected), {
			rightCount: 2,
			wrong: { count: 1, first: ["1m/0/ana"] },
			missing: { count: 0 },
		});
	t.match(compare(all.slice(1), expected), {
		rightCount: 2,
		missing: { count: 1, first: ["1m/0/ana"] },
	});
	t.match(compare([...all, given("1m/30000/ana")], expected), {
		rightCount: 3,
		extra: { count: 1, first: ["1m/30000/ana"] },
	});
	t.match(compare([...all, all[1]!], expected), {
		rightCount: 3,
		again: { count: 1, first: ["5m/0/ana"] },
	});
	t.end();
});

t.test("a result that is right the first time and wrong the second is wrong", (t) => {
	const again = given("1m/0/ana", { ...window, count: 9 });
	t.match(compare([...all, again], expected), {
		rightCount: 2,
		wrong: { count: 1 },
		again: { count: 1 },
	});
	t.end();
});

t.test("of many only ten are named", (t) => {
	const many = Array.from({ length: 25 }, (_, n) => given(`1m/${n}/bo`));
	const { extra } = compare(many, expected);
	t.equal(extra.count, 25);
	t.equal(extra.first.length, 10);
	t.end();
});
