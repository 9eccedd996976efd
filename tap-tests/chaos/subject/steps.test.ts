import { rmSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { pause } from "../../../base/clock.ts";
import { putControl, readControl } from "../../../chaos/subject/controls.ts";
import { subjectSteps } from "../../../chaos/subject/steps.ts";

const order = (step: string, faultId = "hold-1") => JSON.stringify({ step, faultId });
const seenIn = (folder: string) => readControl(folder, "hold-at-step.json.seen");

async function stands(folder: string, at: string): Promise<void> {
	while (seenIn(folder) !== at) await pause(1);
}

t.test("outside of a run, and where nobody asks for it, it stops at no step", async (t) => {
	await subjectSteps(undefined).reach("before-commit");
	const folder = t.testdir();
	await subjectSteps(folder).reach("before-commit");
	t.equal(seenIn(folder), null, "and writes nothing");
});

t.test("it stops at the step of the order, says so, and goes on when that is gone", async (t) => {
	const folder = t.testdir();
	const steps = subjectSteps(folder);
	putControl(folder, "hold-at-step.json", order("before-commit"));
	await steps.reach("before-write");
	t.equal(seenIn(folder), null, "at another step it does not stop");
	let went = false;
	const reached = steps.reach("before-commit").then(() => {
		went = true;
	});
	await stands(folder, order("before-commit"));
	t.notOk(went);
	rmSync(join(folder, "hold-at-step.json"));
	await reached;
	t.equal(seenIn(folder), "", "it stands at none");
});

t.test(
	"another order for the same step is another: whoever gave the first is obeyed no more",
	async (t) => {
		const folder = t.testdir();
		const steps = subjectSteps(folder);
		putControl(folder, "hold-at-step.json", order("before-commit", "hold-1"));
		const first = steps.reach("before-commit");
		await stands(folder, order("before-commit", "hold-1"));
		putControl(folder, "hold-at-step.json", order("before-commit", "hold-2"));
		await first;
		const second = steps.reach("before-commit");
		await stands(folder, order("before-commit", "hold-2"));
		rmSync(join(folder, "hold-at-step.json"));
		await second;
	},
);

t.test("what is no order stops nobody, and a folder that is gone lets go", async (t) => {
	const folder = t.testdir({ inner: { "hold-at-step.json": "before-commit" } });
	const inner = join(folder, "inner");
	const steps = subjectSteps(inner);
	await steps.reach("before-commit");
	putControl(inner, "hold-at-step.json", order("before-commit"));
	const reached = steps.reach("before-commit");
	await stands(inner, order("before-commit"));
	rmSync(inner, { recursive: true });
	await reached;
	t.pass("the run is over");
});
