import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { lastLineOf, saidFromNow } from "../../../daemon/stage/subject-log.ts";

t.test("of a program's log the line is told that says most of its end", (t) => {
	const folder = t.testdir({
		thrown: "listening\nError: port 1 is taken\n    at main (a.ts:1:1)\n\nNode.js v24.0.0\n",
		printed: "one\ntwo\n\n",
		empty: "\n",
		silent: '# started as node a.ts\nFLT_READY {"port":1}\n',
	});
	t.equal(lastLineOf(join(folder, "thrown")), "Error: port 1 is taken");
	t.equal(lastLineOf(join(folder, "printed")), "two");
	t.equal(lastLineOf(join(folder, "empty")), null);
	t.equal(lastLineOf(join(folder, "silent")), null, "what we say in it is not its own");
	t.equal(lastLineOf(join(folder, "gone")), null, "and none where the log is gone");
	t.end();
});

t.test("what a subject says from its start on is told whole, however it comes", (t) => {
	const file = join(t.testdir({ log: "of the start before\n" }), "log");
	const said = saidFromNow(file);
	t.equal(said(), "");
	const sign = Buffer.from("é");
	appendFileSync(file, sign.subarray(0, 1));
	t.equal(said(), "", "half a sign is none yet");
	appendFileSync(file, sign.subarray(1));
	const long = "x".repeat(200_000);
	appendFileSync(file, long);
	t.equal(said(), `é${long}`);
	rmSync(file);
	t.equal(said(), `é${long}`, "and stays, though the record is removed");
	t.end();
});
