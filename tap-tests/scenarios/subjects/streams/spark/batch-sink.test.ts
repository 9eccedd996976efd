import { fileURLToPath } from "node:url";
import t from "tap";
import { jsonLinesOf, noPython, pythonEnv } from "../../../python.ts";

// The sink of Spark's batches, without Spark and Kafka, killed wherever it can be.

interface Kill {
	step: string;
	batch: number;
	committed: string[];
	sessions: [partition: number, position: number][];
}

const program = fileURLToPath(new URL("killed_sink.py", import.meta.url));
const run = (careful: boolean) =>
	jsonLinesOf(program, {
		env: { ...pythonEnv("scenarios/subjects/streams/spark"), CAREFUL: String(careful) },
	});
const all = [
	"batch 0 partition 0",
	"batch 0 partition 1",
	"batch 1 partition 0",
	"batch 2 partition 0",
	"batch 2 partition 1",
	"batch 3 partition 0",
];

t.test("each result is there once, wherever in a batch it is killed", { skip: noPython }, (t) => {
	const kills = run(true).slice(0, 12) as Kill[];
	t.equal(new Set(kills.map(({ step, batch }) => `${step} ${batch}`)).size, 12);
	for (const { step, batch, committed } of kills)
		t.same(committed, all, `killed at ${step} of batch ${batch}`);
	t.end();
});

t.test(
	"results go on behind what is committed, and not where the checkpoint is",
	{ skip: noPython },
	(t) => {
		const kills = run(true).slice(0, 12) as Kill[];
		const of = (step: string, batch: number) =>
			kills.find((kill) => kill.step === step && kill.batch === batch)?.sessions;
		t.same(of("before-commit", 2), [
			[0, 20],
			[1, 10],
		]);
		t.same(of("after-commit", 2), [
			[0, 30],
			[1, 20],
		]);
		t.end();
	},
);

t.test(
	"where the batch is not noted in the log, a kill after the commit doubles results",
	{ skip: noPython },
	(t) => {
		for (const { step, batch, committed } of run(false) as Kill[])
			t.equal(
				committed.length > new Set(committed).size,
				step === "after-commit",
				`killed at ${step} of batch ${batch}`,
			);
		t.end();
	},
);

t.test(
	"a checkpoint that is not of the log is refused, with what was seen",
	{ skip: noPython },
	(t) => {
		t.match(run(true).slice(12), [
			{ who: "the next batch", said: "" },
			{ said: /partition 0 are committed up to 40, and batch 3 begins at 30: the checkpoint is/ },
			{ said: /committed up to 20, and batch 3 begins at 30/ },
			{ said: /committed up to 60, and batch 0 ends at 10/ },
		]);
		t.end();
	},
);
