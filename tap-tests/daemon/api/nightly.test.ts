import t from "tap";
import { FaultlineError } from "../../../base/errors.ts";
import type { ApiContext } from "../../../daemon/api/context.ts";
import type { RunningNightly } from "../../../daemon/nightly/nightly.ts";
import type { NightlyPlan } from "../../../daemon/nightly/settings.ts";
import { clean } from "../nightly/night.ts";
import { apiRig, ownerToken } from "./rig.ts";

const running: RunningNightly = {
	id: "n1",
	askedBy: "person",
	startedAt: "s",
	step: "echo",
	done: 0,
	of: 2,
};

function fakeNightly(refused: FaultlineError | null = null) {
	const asked: Partial<NightlyPlan>[] = [];
	const stopped: string[] = [];
	const nightly: ApiContext["nightly"] = {
		status: () => ({ running, next: "2026-02-02T03:00:00.000Z", missed: [], last: clean() }),
		read: (id) => {
			if (id === clean().id) return clean();
			throw new FaultlineError("FLT_NOT_FOUND", `no nightly "${id}"`, "");
		},
		start: (plan) => {
			if (refused !== null) throw refused;
			asked.push(plan);
			return running;
		},
		stop: async (why) => {
			stopped.push(why);
			return clean();
		},
	};
	return { asked, stopped, context: { nightly } };
}

const headers = { authorization: `Bearer ${ownerToken}` };

t.test(
	"GET /nightly has the last, the next and the one that runs, as JSON and as text",
	async (t) => {
		const { ask } = await apiRig(t, { context: fakeNightly().context });
		const { status, body } = await ask("GET", "/nightly");
		t.equal(status, 200);
		t.same(body, { running, next: "2026-02-02T03:00:00.000Z", missed: [], last: clean() });
		const one = await ask("GET", `/nightly/${clean().id}`);
		t.same(one.body, clean());
		t.equal((await ask("GET", "/nightly/nobody")).status, 404);
	},
);

t.test("its owner begins one; what is not given comes from the settings", async (t) => {
	const { asked, context } = fakeNightly();
	const { ask } = await apiRig(t, { context });
	const plan = {
		scenarios: ["echo"],
		budgetMs: 1_000,
		size: "small",
		seed: 4,
		webhook: null,
		duets: [{ scenario: "echo", a: { steps: 1 }, b: { fast: true }, shape: { kind: "whole" } }],
	};
	const { status, body } = await ask("POST", "/nightly", { headers, payload: plan });
	t.equal(status, 202);
	t.match(body, { id: "n1", links: { nightly: "/nightly/n1", stop: "/nightly/stop" } });
	t.equal((await ask("POST", "/nightly", { headers })).status, 202);
	t.same(asked, [plan, {}], "as it was given: no default, no text made of numbers");
	t.equal((await ask("POST", "/nightly", { payload: {} })).status, 401, "nobody else");
});

t.test("what makes no sense is refused, a second one with who runs", async (t) => {
	const { asked, context } = fakeNightly();
	const { ask } = await apiRig(t, { context });
	for (const payload of [
		{ scenario: "echo" },
		{ size: "huge" },
		{ seed: -1 },
		{ budgetMs: 0 },
		{ webhook: "file:///etc/passwd" },
		{ duets: [{ scenario: "echo" }] },
		{ duets: [{ scenario: "echo", a: {}, b: {}, shape: { kind: "turns" } }] },
	])
		t.equal(
			(await ask("POST", "/nightly", { headers, payload })).status,
			400,
			JSON.stringify(payload),
		);
	t.same(asked, []);
	const refused = fakeNightly(new FaultlineError("FLT_CONFLICT", "nightly n0 runs", "wait"));
	const second = await apiRig(t, { context: refused.context });
	const answer = await second.ask("POST", "/nightly", { headers });
	t.equal(answer.status, 409);
	t.match(answer.body, { error: { code: "FLT_CONFLICT", message: "nightly n0 runs" } });
});

t.test("the one that runs is stopped on request, but not by another site's page", async (t) => {
	const { stopped, context } = fakeNightly();
	const { ask } = await apiRig(t, { context });
	const foreign = { "sec-fetch-site": "cross-site" };
	t.equal((await ask("POST", "/nightly/stop", { headers: foreign })).status, 403);
	t.same(stopped, []);
	const { body } = await ask("POST", "/nightly/stop");
	t.match(body, { stopped: { id: clean().id } });
	t.same(stopped, ["stopped by request"]);
});
