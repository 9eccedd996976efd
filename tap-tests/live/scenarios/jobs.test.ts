import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { Started } from "../../../daemon/client/client.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { eventOf, isMistake, liveDaemon } from "../daemon.ts";

const file = new URL("../../fixtures/scenarios/jobs.scenario.ts", import.meta.url).pathname;
const daemon = await liveDaemon(t, { flags: ["--services", "redis"] });

async function run(params: Record<string, string>): Promise<RunDocument> {
	const { runId } = await daemon.client.post<Started>("/runs", { file, params });
	await eventOf(daemon.client, runId, ({ type }) => type === "end");
	return daemon.client.get<RunDocument>(`/runs/${runId}`);
}

t.test(
	"a load of so many jobs ends the run when the last has ended, each with its exit code",
	async (t) => {
		const document = await run({ builds: "6" });
		t.match(document, { state: "done", verdict: "passed" }, JSON.stringify(document.reasons));
		const all = document.loads.find(({ phase }) => phase === "all");
		t.match(all, { due_count: 6, ok_count: 5, fail_count: 1, errors: { exit_7: 1 } });
		const log = readFileSync(
			join(daemon.home.runs, document.runId, "subjects", "build.log"),
			"utf8",
		);
		t.match(log, /hello 5/, "what a job said is kept");
	},
);

t.test(
	"a job that is killed in the middle is begun again, and a subject without a port can be frozen",
	async (t) => {
		const document = await run({ builds: "6", fault: "kill" });
		t.same(document.reasons.filter(isMistake), []);
		t.match(document.checks, [{ id: "each-build-once", ok: true }]);
		t.match(
			document.faults.toSorted((a, b) => a.kind.localeCompare(b.kind)),
			[
				{ kind: "freeze", on: "ticker", state: "healed" },
				{ kind: "kill", on: "build", state: "healed" },
			],
		);
		t.ok(
			document.faults.every(({ provedMs }) => provedMs !== null),
			"both were proved",
		);
	},
);
