import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { Subject } from "../../../daemon/stage/subjects.ts";
import { runNames } from "../../../scenarios/contract/names.ts";
import { lastingFolder } from "../../lasting-folder.ts";

const scenarioFile = fileURLToPath(
	new URL("../../fixtures/scenarios/kinds-process.scenario.ts", import.meta.url),
);

/** Linux takes them from here on, others from higher up. */
const lowestOutgoing = 32_768;

function subjectOf(t: Test, env: Record<string, string> = {}): Subject {
	const workFolder = lastingFolder(t);
	const subject = new Subject(
		"it",
		{ file: "./echo.ts", env },
		{
			runId: "run-1",
			names: runNames("run-1"),
			scenarioFile,
			workFolder,
			logFolder: join(workFolder, "logs"),
			env: { ...process.env, NODE_OPTIONS: undefined },
			onExit: () => {},
		},
		{},
	);
	t.teardown(() => subject.stop());
	return subject;
}

t.test(
	"a subject's port is none that an outgoing connection could take before its next start",
	async (t) => {
		const subject = subjectOf(t);
		await subject.start();
		const { port } = subject;
		t.ok(port < lowestOutgoing, `${port} is below ${lowestOutgoing}`);
		await subject.stop();
		await subject.start();
		t.equal(subject.port, port, "it is the same at the next start");
	},
);

t.test("a subject's own FLT_PORT is asked for and kept", async (t) => {
	const first = subjectOf(t);
	await first.start();
	const { port } = first;
	await first.stop();
	const subject = subjectOf(t, { FLT_PORT: String(port) });
	await subject.start();
	t.equal(subject.port, port);
});

t.test("two who want it back at once get one process between them", async (t) => {
	const subject = subjectOf(t);
	await subject.start();
	await subject.stop();
	await Promise.all([subject.start(), subject.start()]);
	const log = readFileSync(join(subject.folder, "../logs/it.log"), "utf8");
	t.equal(log.match(/^# started as/gm)?.length, 2, "one start each time");
	t.equal(log.match(/^FLT_READY/gm)?.length, 2, "what it says on its standard output is there");
	t.ok(subject.running);
});
