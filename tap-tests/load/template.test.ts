import t from "tap";
import { constantOf, templateOf } from "../../load/template.ts";

t.test("holes are filled by operation number; other braces are text", async (t) => {
	const template = templateOf('{"id":{n},"a":{}}', 1);
	t.equal(template(7), '{"id":7,"a":{}}');
	t.equal(constantOf("{x} {random(1)}"), "{x} {random(1)}");
	t.equal(constantOf("{n}"), null);
	t.equal(templateOf("", 1)(3), "");
});

t.test(
	"random numbers lie in their range, spread over it, and depend on seed, place and number",
	async (t) => {
		const draw = templateOf("{random(10,19)} {random(10,19)}", 1);
		const counts = new Map<string, number>();
		let equal = 0;
		for (let n = 0; n < 10_000; n++) {
			const [a, b] = draw(n).split(" ");
			counts.set(a!, (counts.get(a!) ?? 0) + 1);
			if (a === b) equal++;
		}
		t.same(
			[...counts.keys()].sort(),
			Array.from({ length: 10 }, (_, i) => String(10 + i)),
		);
		// 1,000 each, give or take five standard deviations.
		t.ok(
			[...counts.values()].every((count) => Math.abs(count - 1000) < 150),
			[...counts.values()].join(),
		);
		t.ok(Math.abs(equal - 1000) < 150, `two places drew the same ${equal} times of 10,000`);
		t.equal(draw(5), templateOf("{random(10,19)} {random(10,19)}", 1)(5));
		const other = templateOf("{random(1,1000000)}", 2);
		t.not(other(5), templateOf("{random(1,1000000)}", 1)(5));
	},
);

t.test("an empty range is refused", async (t) => {
	t.throws(() => templateOf("{random(5,4)}", 1), { code: "FLT_USAGE", message: /empty range/ });
});
