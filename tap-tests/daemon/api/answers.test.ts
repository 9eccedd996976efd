import { Ajv2020 } from "ajv/dist/2020.js";
import t from "tap";
import { answers, errorAnswer } from "../../../daemon/api/answers.ts";
import { runDocument } from "../record/run-document.ts";
import { apiRig, ownerToken } from "./rig.ts";

const ajv = new Ajv2020({ strict: false, validateFormats: false });

t.test("what is answered is what the call declares", async (t) => {
	const { ask, store } = await apiRig(t);
	const run = runDocument({ runId: "20260101T000001Z-x-0001" });
	store.create({ ...run, startedAt: run.queuedAt });
	const alert = { labels: { alertname: "Slow" } };
	await ask("POST", "/api/v2/alerts", { payload: [alert] });
	const { id } = (await ask("GET", "/alerts")).body.alerts[0];
	const rows: [call: string, url: string, payload?: object][] = [
		["GET /scenarios", "/scenarios"],
		["GET /scenarios/:name", "/scenarios/retry-storm"],
		["POST /scenarios/:name/start", "/scenarios/retry-storm/start"],
		["GET /suites", "/suites"],
		["GET /suites/:name", "/suites/storms"],
		["POST /suites/:name/start", "/suites/storms/start"],
		["GET /runs", "/runs"],
		["GET /runs/:id", `/runs/${run.runId}`],
		["POST /runs/:id/stop", `/runs/${run.runId}/stop`],
		["GET /runs/:id/accepted", `/runs/${run.runId}/accepted`],
		["GET /baselines", "/baselines"],
		["GET /faults", "/faults"],
		["GET /faults/kinds", "/faults/kinds"],
		["POST /faults/:id/drop", "/faults/down-1/drop", {}],
		["GET /alerts", "/alerts"],
		["POST /alerts/:id/ack", `/alerts/${id}/ack`, { by: "me" }],
		["GET /stack", "/stack"],
		["GET /", "/"],
		["GET /healthz", "/healthz"],
		["GET /readyz", "/readyz"],
		["GET /nightly", "/nightly"],
	];
	for (const [call, url, payload] of rows) {
		const method = call.startsWith("GET") ? "GET" : "POST";
		const { status, body } = await ask(method, url, payload && { payload });
		const schema = answers[call]?.[status]?.["application/json"];
		t.ok(
			schema !== undefined && ajv.validate(schema, body),
			`${call} ${status}: ${ajv.errorsText()}`,
		);
	}
	for (const path of ["/nothing", "/runs/nobody", "/runs?limit=0", "/heal"]) {
		const { body } = await ask("GET", path, { headers: { authorization: `Bearer ${ownerToken}` } });
		t.ok(ajv.validate(errorAnswer["application/json"], body), path);
	}
});

t.test("each call declares its answers, and what it is refused with", async (t) => {
	const { ask } = await apiRig(t);
	const { paths, openapi } = (await ask("GET", "/openapi.json")).body;
	t.match(openapi, /^3\.1/);
	const calls = Object.entries(paths as Record<string, Record<string, { responses: object }>>);
	for (const [path, methods] of calls)
		for (const [method, { responses }] of Object.entries(methods)) {
			const statuses = Object.keys(responses);
			t.ok(
				statuses.some((status) => status < "300"),
				`${method} ${path} can do it`,
			);
			for (const status of ["400", "401", "403", "500"]) t.ok(statuses.includes(status));
			// What changes something may have no body to name it by, and nothing to do it with.
			const refusals = method === "get" ? [] : ["404", "409", "422", "429", "503"];
			for (const status of refusals)
				t.ok(statuses.includes(status), `${method} ${path} may answer ${status}`);
			for (const status of method === "post" ? ["413", "415"] : [])
				t.ok(statuses.includes(status), `${method} ${path} may answer ${status}`);
		}
});
