import { join } from "node:path";
import t from "tap";
import { lastLineOf } from "../../../daemon/stage/subjects.ts";

t.test("of a program's log the line is told that says most of its end", (t) => {
	const folder = t.testdir({
		thrown: "listening\nError: port 1 is taken\n    at main (a.ts:1:1)\n\nNode.js v24.0.0\n",
		printed: "one\ntwo\n\n",
		empty: "\n",
	});
	t.equal(lastLineOf(join(folder, "thrown")), "Error: port 1 is taken");
	t.equal(lastLineOf(join(folder, "printed")), "two");
	t.equal(lastLineOf(join(folder, "empty")), null);
	t.equal(lastLineOf(join(folder, "gone")), null, "and none where the log is gone");
	t.end();
});
