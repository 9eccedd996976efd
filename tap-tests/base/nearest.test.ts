import t from "tap";
import { nearest } from "../../base/nearest.ts";

t.test("a mistyped name finds the one that was meant", (t) => {
	t.equal(nearest("retry-strom", ["retry-storm", "task-crash"]), "retry-storm");
	t.equal(
		nearest("RETRY-STORM", ["retry-storm"]),
		"retry-storm",
		"case is no difference to a person",
	);
	t.end();
});

t.test("a name that resembles nothing gets no suggestion", (t) => {
	t.equal(nearest("kafka", ["retry-storm", "task-crash"]), null);
	t.end();
});
