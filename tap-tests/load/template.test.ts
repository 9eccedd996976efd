import t from "tap";
import { checkTemplate, constantOf, templateOf } from "../../load/template.ts";

t.test("holes are filled by operation number; other braces are text", async (t) => {
	const template = templateOf('{"id":{n},"a":{}}', 1);
	t.equal(template(7), '{"id":7,"a":{}}');
	t.equal(constantOf("{x} {y(1)}"), "{x} {y(1)}");
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

t.test("a hole may have spaces inside", async (t) => {
	t.equal(templateOf("{ n }", 1)(7), "7");
	t.match(templateOf("{ random( 1 , 5 ) }", 1)(3), /^[1-5]$/);
	t.equal(templateOf("{random(1, 5)}", 1)(3), templateOf("{random(1,5)}", 1)(3));
});

t.test("what was meant as a hole and is none is refused, with the one meant", async (t) => {
	const rows: [text: string, meant: string][] = [
		["k:{random(1,}", "{random(1,1000)}"],
		["{rnadom(1,5)}", "{random(1,5)}"],
		["{random(1,5)", "{random(1,5)}"],
		["{random(1,5", "{random(1,5)}"],
		["{random 1,5}", "{random(1,5)}"],
		["{random[1,5]}", "{random(1,5)}"],
		["{random}", "{random(1,1000)}"],
		["{random(1.5,3)}", "{random(1,1000)}"],
		["{Random(1,5)}", "{random(1,5)}"],
		["{uniform(-1, 5)}", "{random(-1,5)}"],
		["k:{n", "{n}"],
		["/a/{n/b", "{n}"],
		["{N}", "{n}"],
	];
	for (const [text, meant] of rows)
		t.throws(() => checkTemplate("--command", text), {
			code: "FLT_USAGE",
			message: new RegExp(`^--command has .*did you mean "${RegExp.escape(meant)}"`),
		});
});

t.test("braces that are plainly something else are text", async (t) => {
	const texts = [
		'{"n":1,"random":{"a":[{}]}}',
		"{user}:1",
		"{id}",
		"{n: 1}",
		"query { user(id: 5) { name } }",
		"{random(min: 1)}",
		"{random: 1}",
		"return {unpack(KEYS), tonumber(ARGV[1])}",
		"function () { foo(1) }",
		"{",
		"{}",
	];
	for (const text of texts) {
		t.doesNotThrow(() => checkTemplate("--body", text), text);
		t.equal(constantOf(text), text);
	}
});

t.test("an empty range is refused, and one of more numbers than are told apart", async (t) => {
	t.throws(() => templateOf("{random(5,4)}", 1), { code: "FLT_USAGE", message: /empty range/ });
	t.doesNotThrow(() => templateOf("{random(1,4294967296)}", 1));
	for (const range of ["1,4294967297", "9007199254740993,9007199254740994"])
		t.throws(() => templateOf(`{random(${range})}`, 1), {
			message: /more numbers than can be told/,
		});
});
