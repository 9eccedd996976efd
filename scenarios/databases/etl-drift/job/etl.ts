import { subjectSteps } from "faultline/subject";
import { readOrder, withConnections } from "./order.ts";
import { questionsText } from "./questions.ts";
import { runBatch } from "./run-batch.ts";

// One run of the job: `node etl.ts --batch 1 --source postgres://… --target postgres://…`. Its last line says what became of
// the batch, as JSON. Exit 0: it is in the target; 3: nothing was changed, and somebody has to answer what stands in stderr
// (`--answers '[{"field":"amount_cents","source":{"kind":"scaled","column":"amount","factor":100}}]'`); 1: it broke, and may
// be run again.

const stopped = 3;

const order = readOrder(process.argv.slice(2), process.env);
const { batch, sourceUrl, targetUrl, rules, answers } = order;
const result = await withConnections([sourceUrl, sourceUrl, targetUrl], (reader, guard, target) =>
	runBatch(
		batch,
		rules,
		answers,
		{ reader: reader!, guard: guard!, target: target! },
		// Where faults may strike; outside of a run nothing does.
		subjectSteps().reach,
	),
);
if (result.kind === "asked") {
	process.exitCode = stopped;
	console.error(questionsText(result.questions));
}
console.log(JSON.stringify({ batch, ...result }));
