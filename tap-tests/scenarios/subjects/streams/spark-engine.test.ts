import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import t from "tap";
import { batchSteps, sparkEngine } from "../../../../scenarios/subjects/streams/spark-engine.ts";

const harness = new URL("../../../../scenarios/subjects/streams/spark/", import.meta.url);
const p = {
	consumers: 3,
	guard: "off",
	p95MsMax: 250,
	batchMs: 400,
	batchStep: "before-commit",
	sparkMaster: "spark://127.0.0.1:7077",
	fault: "kill",
	sessionTimeoutMs: 1_000,
	faultMs: 500,
	linkMs: 20,
} as const;
const engine = sparkEngine<typeof p, { events: number; stale: string[] }>({
	stream: () => ({ input: "payments", group: "sums", results: ["sums"] }),
	main: new URL("sums.py", harness),
	env: () => ({ WINDOW_MS: 7 }),
	nothingLeft: { events: 0, stale: [] },
});

t.test("its driver is told what it works on, where, and in what steps", (t) => {
	const { spark } = engine.subjects(p);
	t.match(spark, {
		command: ["python3", /sums\.py$/],
		env: {
			WINDOW_MS: 7,
			INPUT: "payments",
			GUARD: "off",
			BATCH_MS: 400,
			PARALLELISM: 3,
			SPARK_MASTER: "spark://127.0.0.1:7077",
		},
	});
	const { PYTHONPATH } = spark!.env!;
	const found = (name: string) =>
		String(PYTHONPATH)
			.split(delimiter)
			.some((folder) => existsSync(join(folder, name)));
	t.ok(found("batch_sink.py"), "it finds the modules that queries share");
	t.ok(found("steps.py"), "and those that all subjects do");
	t.match(engine.faults(p), [{ kind: "kill", on: "spark", at: { step: "before-commit" } }]);
	t.equal(engine.p95MsMax(p), 3 * 250 + 3 * 400);
	t.equal(engine.p95MsMax({ ...p, p95MsMax: 0 } as never), 0, "no bound stays none");
	t.end();
});

t.test(
	"a cluster is given by URL, and one of another kind is refused with those that there are",
	(t) => {
		for (const sparkMaster of ["local", "local[*]", "local[4]", "spark://a:7077,b:7077"])
			t.match(engine.subjects({ ...p, sparkMaster } as never).spark?.env, {
				SPARK_MASTER: sparkMaster,
			});
		for (const sparkMaster of ["yarn", "k8s://https://a:6443", "spark://a", "local[]", "", "7077"])
			t.throws(() => engine.subjects({ ...p, sparkMaster } as never), {
				message: /^sparkMaster=.* is no cluster .*; there are local, local\[N\] and spark:/,
			});
		t.end();
	},
);

t.test("it comes to the steps that a fault can strike at, and says what it is ready by", (t) => {
	const text = (name: string) => readFileSync(new URL(name, harness), "utf8");
	for (const step of batchSteps) t.match(text("batch_sink.py"), `"${step}"`);
	const { ready } = engine.subjects(p).spark!;
	t.match(text("work_record.py"), `print("${(ready as { log: string }).log}", flush=True)`);
	t.end();
});
