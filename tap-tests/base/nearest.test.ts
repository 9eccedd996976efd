import fc from "fast-check";
import t from "tap";
import { nearest } from "../../base/nearest.ts";

const known = ["retry-storm", "task-crash", "pool-exhaustion"];

t.test("a mistyped name finds the one that was meant", (t) => {
	const rows: [typed: string, meant: string, why: string][] = [
		["retry-strom", "retry-storm", "two letters swapped"],
		["RETRY-STORM", "retry-storm", "case is no difference to a person"],
		["retrystorm", "retry-storm", "a letter left out"],
		["task-crashh", "task-crash", "a letter too many"],
		["pool-exaustoin", "pool-exhaustion", "several mistakes in a long name"],
	];
	for (const [typed, meant, why] of rows) t.equal(nearest(typed, known), meant, why);
	t.end();
});

t.test("a name that resembles nothing gets no suggestion", (t) => {
	t.equal(nearest("kafka", known), null);
	t.equal(nearest("abc", ["xyz"]), null, "a short name of which every letter differs");
	t.equal(nearest("anything", []), null, "nothing is known");
	const book = "kafka-lag".repeat(100_000);
	t.equal(nearest(book, [book]), null, "nobody types as much by mistake, and comparing takes long");
	t.end();
});

t.test("a known name is always its own nearest, whatever else is known", (t) => {
	fc.assert(
		fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }), (names) => {
			const lower = new Set(names.map((name) => name.toLowerCase()));
			fc.pre(lower.size === names.length);
			return names.every((name) => nearest(name, names) === name);
		}),
	);
	t.end();
});
