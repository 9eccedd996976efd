import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import { PythonWorker } from "../../../../scenarios/subjects/python/worker.ts";
import { noPython } from "../../python.ts";

class NoAnswer extends Error {
	override readonly name = "NoAnswer";
}

/** A worker whose program does this with each line. */
function worker(t: Test, body: string, limitMs = 20_000): PythonWorker {
	const folder = t.testdir({
		"worker.py": `import os, sys, time\nfor line in sys.stdin:\n    ${body}\n`,
	});
	const made = new PythonWorker({
		name: "it",
		python: "python3",
		program: pathToFileURL(`${folder}/worker.py`),
		env: { ASKED_BY: "a test" },
		limitMs,
		failed: (why) => new NoAnswer(why),
	});
	t.teardown(() => made.close());
	return made;
}

t.test(
	"it answers line by line, knows what it is given, and what else it prints is no answer",
	{ skip: noPython },
	async (t) => {
		const made = worker(
			t,
			`print("noise"); print("ANSWER", os.environ["ASKED_BY"], line.strip(), flush=True)`,
		);
		t.equal(await made.ask("one"), "a test one");
		t.equal(await made.ask("two"), "a test two");
	},
);

t.test(
	"one that ends, or says nothing for too long, is no answer, and the next question starts it anew",
	{ skip: noPython },
	async (t) => {
		const ending = worker(
			t,
			`sys.exit(3) if line.startswith("end") else print("ANSWER yes", flush=True)`,
		);
		await t.rejects(ending.ask("end"), { name: "NoAnswer", message: "it: it ended with 3" });
		t.equal(await ending.ask("go"), "yes");

		const silent = worker(t, "time.sleep(60)", 200);
		await t.rejects(silent.ask("go"), { message: "it: it had no answer in 200 ms" });
	},
);
