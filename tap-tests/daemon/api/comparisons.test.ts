import t, { type Test } from "tap";
import { FaultlineError } from "../../../base/errors.ts";
import { doneRun, fiveSeeds } from "../compare/accepted.ts";
import { apiRig, ownerToken } from "./rig.ts";

const bad = doneRun({ lost: 1 }, { runId: "20260202T000000Z-echo-bad1" });
const ids = fiveSeeds.map(({ runId }) => runId).join(",");
const reason = { reason: "the first" };
const owner = { authorization: `Bearer ${ownerToken}` };

async function rig(t: Test) {
	const { ask, store, runs } = await apiRig(t);
	for (const run of [...fiveSeeds, bad]) store.create(run);
	return { ask, store, runs };
}

t.test("a baseline is accepted, listed and compared with over the API", async (t) => {
	const { ask } = await rig(t);
	t.same((await ask("GET", "/baselines")).body, { baselines: [] });
	const accepted = await ask("POST", `/baselines/echo?run=${ids}`, {
		payload: reason,
		headers: owner,
	});
	t.equal(accepted.status, 200);
	t.match(accepted.body, { changes: [/seed 1: new/], baseline: { scenario: "echo" } });
	t.same((await ask("GET", "/baselines")).body.baselines, [accepted.body.baseline]);
	t.same((await ask("GET", "/baselines/echo")).body, accepted.body.baseline);
	t.match((await ask("GET", "/baselines?format=text")).text, /echo +size=default guard=on/);
	const url = `/runs/${bad.runId}/compare`;
	for (const to of ["", "?to=baseline", `?to=${fiveSeeds[0]!.runId}`])
		t.match((await ask("GET", url + to)).body, { schema: 1, outcome: "regressed" }, to);
	t.match((await ask("GET", `${url}?format=text`)).text, /: regressed\n/);
	const repeated = await ask("GET", `${url}?repeat=${fiveSeeds[0]!.runId}`);
	t.same(repeated.body.repeats, [fiveSeeds[0]!.runId]);
});

t.test("of a run it is told which accepted run it will be held against, if any", async (t) => {
	const { ask, store } = await rig(t);
	const url = `/runs/${bad.runId}/accepted`;
	t.same((await ask("GET", url)).body, { runId: null, loads: [] });
	await ask("POST", `/baselines/echo?run=${ids}`, { payload: reason, headers: owner });
	const own = fiveSeeds.find(({ seed }) => seed === bad.seed)!;
	t.match((await ask("GET", url)).body, { runId: own.runId, loads: Array });
	const other = { ...bad, runId: "20260202T000000Z-echo-bad2", seed: 99 };
	store.create(other);
	const { runId } = (await ask("GET", `/runs/${other.runId}/accepted`)).body;
	t.equal(runId, fiveSeeds[0]!.runId, "of another seed, the first");
});

t.test("what can't be accepted or compared has its status and its reason", async (t) => {
	const { ask, store } = await rig(t);
	store.save({ ...bad, verdict: "failed", asExpected: false });
	const rows: [method: "GET" | "POST", url: string, payload: object | undefined, status: number][] =
		[
			["POST", `/baselines/echo?run=${ids}`, undefined, 400],
			["POST", `/baselines/echo?run=${ids}`, { reason: "" }, 400],
			["POST", "/baselines/echo", reason, 400],
			["POST", `/baselines/echo?run=${bad.runId}`, reason, 409],
			["POST", `/baselines/other?run=${ids}`, reason, 409],
			["POST", "/baselines/echo?run=nobody", reason, 404],
			["GET", "/baselines/echo", undefined, 404],
			["GET", "/baselines/..%2Fecho", undefined, 404],
			["GET", `/runs/${bad.runId}/compare`, undefined, 404],
			["GET", "/runs/nobody/compare", undefined, 404],
		];
	for (const [method, url, payload, status] of rows)
		t.equal(
			(await ask(method, url, { headers: owner, ...(payload && { payload }) })).status,
			status,
			`${method} ${url}`,
		);
	t.same((await ask("GET", "/baselines")).body, { baselines: [] }, "nothing was accepted");
});

t.test("a page is made between runs alone: it would disturb what one measures", async (t) => {
	const { ask, runs } = await rig(t);
	runs.between = () => Promise.reject(new FaultlineError("FLT_BUSY", "others wait", "ask later"));
	const page = `/runs/${bad.runId}`;
	for (const url of [`${page}/compare?to=${fiveSeeds[0]!.runId}&format=html`, `${page}/report`])
		t.match(
			await ask("GET", url),
			{ status: 429, body: { error: { message: "others wait" } } },
			url,
		);
});

t.test("a baseline is its owner's to accept, and no other site's page's", async (t) => {
	const { ask } = await rig(t);
	const url = `/baselines/echo?run=${ids}`;
	t.equal((await ask("POST", url, { payload: reason })).status, 401);
	const headers = { ...owner, "sec-fetch-site": "cross-site" };
	t.equal((await ask("POST", url, { payload: reason, headers })).status, 403);
	t.same((await ask("GET", "/baselines")).body, { baselines: [] });
});
