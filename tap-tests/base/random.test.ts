import fc from "fast-check";
import t from "tap";
import { pick, shuffled, stream } from "../../base/random.ts";

const seeds = fc.nat(2 ** 32 - 1);
const draws = (draw: () => number, count: number) => Array.from({ length: count }, draw);

t.test("the same seed and name give the same numbers, all in [0, 1)", async (t) => {
	fc.assert(
		fc.property(seeds, fc.string(), (seed, name) => {
			const numbers = draws(stream(seed, name), 20);
			const again = draws(stream(seed, name), 20);
			return (
				numbers.every((number, i) => number === again[i]) && numbers.every((n) => n >= 0 && n < 1)
			);
		}),
	);
	t.ok(stream(7, "orders")() !== stream(8, "orders")(), "another seed, other numbers");
});

t.test("what one stream draws shifts no other, however they are mixed", async (t) => {
	fc.assert(
		fc.property(seeds, fc.array(fc.boolean(), { maxLength: 60 }), (seed, turns) => {
			const alone = stream(seed, "orders");
			const [mixed, other] = [stream(seed, "orders"), stream(seed, "jitter")];
			return turns.every((mine) => (mine ? mixed() === alone() : other() >= 0));
		}),
	);
	t.pass();
});

t.test("names that resemble each other have nothing in common", async (t) => {
	const names = ["a", "b", "ab", "ba", "a/b", "order/1", "order/2", "order/11", ""];
	const firsts = new Set(names.map((name) => stream(1, name)()));
	t.equal(firsts.size, names.length);
	t.not(stream(1, "2/a")(), stream(12, "a")(), "seed and name do not run into each other");
});

t.test("the numbers are spread over the whole range", async (t) => {
	const bins = new Array<number>(10).fill(0);
	for (let n = 0; n < 10_000; n++) bins[Math.floor(stream(1, `order/${n}`)() * 10)]! += 1;
	t.ok(
		bins.every((count) => count > 800 && count < 1_200),
		bins.join(" "),
	);
});

t.test("of a list each is picked about as often as the others", async (t) => {
	const draw = stream(1, "letters");
	const counts = Map.groupBy(
		Array.from({ length: 4_000 }, () => pick(draw, ["a", "b", "c", "d"])),
		(letter) => letter,
	);
	t.same([...counts.keys()].sort(), ["a", "b", "c", "d"]);
	for (const [letter, { length }] of counts)
		t.ok(length > 850 && length < 1_150, `${letter} ${length} times`);
});

t.test("a list is shuffled whole, by its seed, and every order is as likely as the others", (t) => {
	const list = ["a", "b", "c"];
	const orders = new Map<string, number>();
	const draw = stream(5, "shuffled");
	for (let n = 0; n < 6_000; n++) {
		const order = shuffled(draw, list).join("");
		orders.set(order, (orders.get(order) ?? 0) + 1);
	}
	t.same([...orders.keys()].sort(), ["abc", "acb", "bac", "bca", "cab", "cba"]);
	for (const count of orders.values()) t.ok(count > 850 && count < 1_150, `${count} of 6,000`);
	t.same(list, ["a", "b", "c"], "the list itself stays");
	t.same(shuffled(stream(5, "x"), list), shuffled(stream(5, "x"), list));
	t.end();
});
