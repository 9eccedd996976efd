import t from "tap";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { apiRig, describedSuites, ownerToken } from "./rig.ts";

const start = "/suites/storms/start";
type Rig = Awaited<ReturnType<typeof apiRig>>;

/** Lets the next run of the suite begin, and ends it. */
async function endNext({ runs }: Rig, given: Partial<RunDocument> = {}) {
	const isOpen = () => [...runs.lives.values()].find((run) => run.document.state === "queued");
	while (isOpen() === undefined) await new Promise(setImmediate);
	isOpen()!.end(given);
}

t.test("all suites are listed, a broken one with its error; as text too", async (t) => {
	const { ask } = await apiRig(t);
	const { body } = await ask("GET", "/suites");
	const head = { title: "Storms", question: "Does each pass?", stepCount: 2 };
	t.same(body, {
		suites: [
			{ name: "storms", ...head, last: null, start },
			{ name: "bent", error: "it has no steps" },
		],
	});
	t.equal(
		(await ask("GET", "/suites?format=text")).text,
		`suite   title                    steps  last outcome
storms  Storms                       2  –
bent    BROKEN: it has no steps      –
`,
	);
	const one = await ask("GET", "/suites/storms");
	const [described] = describedSuites;
	t.match(one.body, {
		...head,
		values: ["ended"],
		suiteHash: "s",
		steps: described?.kind === "suite" ? described.description.steps : null,
	});
	t.notMatch(one.text, /storms\.suite\.ts/, "files of this machine stay here");
});

t.test("starting answers at once; the links lead to the record and stop it", async (t) => {
	const rig = await apiRig(t);
	const { ask, runs } = rig;
	const begun = await ask("GET", `${start}?size=small&ratePerSec=20&seed=7`);
	t.equal(begun.status, 202);
	const { id, state, links } = begun.body;
	t.equal(state, "running");
	t.same(links, { suite: `/suites/runs/${id}`, stop: `/suites/runs/${id}/stop` });
	await endNext(rig);
	while (runs.lives.size < 2) await new Promise(setImmediate);
	t.match((await ask("GET", links.suite)).body, {
		schema: 1,
		id,
		state: "running",
		headline: "retry-storm guard=off (2 of 2)",
		given: { size: "small", ratePerSec: "20", seed: "7" },
		outcome: null,
		steps: [{ outcome: "as_expected", run: { verdict: "passed" } }, { outcome: null }],
	});
	t.match(runs.started, [
		{ ratePerSec: 20, seed: 7, guard: "on", size: "small" },
		{ ratePerSec: 20, seed: 7, guard: "off", size: "small" },
	]);
	t.match((await ask("GET", `${links.suite}?format=text`)).text, /^suite storms: .*\(2 of 2\)\n/);
	const stopped = ask("POST", links.stop);
	while (runs.stopped.length === 0) await new Promise(setImmediate);
	await endNext(rig, { state: "aborted", verdict: "invalid", asExpected: false });
	t.match((await stopped).body, { id, state: "stopped", stopped: "stopped by request" });
	t.match((await ask("GET", "/suites")).body.suites[0].last, { id, state: "stopped" });
});

t.test("wait=true answers with the record at the end, as JSON or as text", async (t) => {
	const rig = await apiRig(t);
	for (const format of ["json", "text"]) {
		const asked = rig.ask("POST", `${start}?wait=true&format=${format}`, { payload: { seed: 2 } });
		await endNext(rig);
		await endNext(rig);
		const { status, text } = await asked;
		t.equal(status, 200, "whatever the outcome");
		if (format === "text") t.match(text, /\nretry-storm {2}\| passed {2}passed\n/);
		else
			t.match(JSON.parse(text), {
				state: "done",
				given: { seed: 2 },
				table: { columns: ["on", "off"], rows: [{ cells: [["passed"], ["passed"]] }] },
			});
	}
});

t.test("what is wrong with a start is named, and starts nothing", async (t) => {
	const { ask, runs } = await apiRig(t);
	const rows: [url: string, status: number, code: string, message: RegExp][] = [
		["/suites/storm/start", 404, "FLT_SUITE_UNKNOWN", /no suite "storm"; did you mean "storms"/],
		["/suites/bent/start", 422, "FLT_SUITE_BROKEN", /suite "bent" does not load: it has no steps/],
		[
			`${start}?rate=5`,
			400,
			"FLT_PARAM_INVALID",
			/^step 1, retry-storm guard=on: no parameter "rate".*; step 2, retry-storm guard=off: no/,
		],
		[`${start}?size=huge`, 400, "FLT_PARAM_INVALID", /size: must be small, default, large/],
	];
	for (const [url, status, code, message] of rows) {
		const answer = await ask("GET", url);
		t.equal(answer.status, status, url);
		t.match(answer.body.error, { code, message });
	}
	t.equal((await ask("GET", "/suites/runs/nobody")).status, 404);
	t.equal((await ask("POST", "/suites/runs/nobody/stop")).status, 404);
	const headers = { "sec-fetch-site": "cross-site" };
	t.equal((await ask("GET", start, { headers })).status, 403, "another site's page");
	t.equal(runs.lives.size, 0);
});

t.test("a file is started by its owner alone", async (t) => {
	const { ask } = await apiRig(t);
	const payload = { file: "/nowhere/mine.suite.ts" };
	t.equal((await ask("POST", "/suites", { payload })).status, 401);
	const headers = { authorization: `Bearer ${ownerToken}` };
	const answer = await ask("POST", "/suites", { payload, headers });
	t.equal(answer.status, 404);
	t.match(answer.body.error, { code: "FLT_SUITE_UNKNOWN", hint: /must end in \.suite\.ts/ });
	t.equal((await ask("POST", "/suites", { payload: { fil: "" }, headers })).status, 400);
});
