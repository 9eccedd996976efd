/** What each call answers where it does what it was asked, by method and path: status → media type → schema. */
export type Answers = Record<number, Record<string, object>>;

const text = { type: "string" };
const texts = { type: "array", items: text };
const flag = { type: "boolean" };
const count = { type: "integer", minimum: 0 };
const number = { type: "number" };
const object = { type: "object" };
const or = (schema: object) => ({ anyOf: [schema, { type: "null" }] });
const list = (items: object) => ({ type: "array", items });

/** All of these are there; a document may have more, since each version adds to it. */
const shape = (properties: Record<string, object>) => ({
	type: "object",
	required: Object.keys(properties),
	properties,
});

const verdict = { enum: ["passed", "failed", "invalid", null] };
const time = { type: "string", format: "date-time" };
const links = { type: "object", additionalProperties: text };
const brief = {
	runId: text,
	scenario: text,
	seed: count,
	size: text,
	state: text,
	verdict,
	asExpected: or(flag),
	startedAt: or(time),
	endedAt: or(time),
};
const run = shape({
	schema: { const: 1 },
	...brief,
	params: object,
	reasons: list(object),
	queuedAt: time,
	phases: list(object),
	faults: list(object),
	loads: list(object),
	metrics: list(object),
	checks: list(object),
	alerts: list(object),
	environment: object,
	tries: object,
});
const suite = shape({
	schema: { const: 1 },
	id: text,
	suite: text,
	state: text,
	headline: text,
	startedAt: time,
	endedAt: or(time),
	outcome: or(text),
	steps: list(object),
	notes: texts,
});
const nightly = shape({
	schema: { const: 1 },
	id: text,
	night: text,
	startedAt: time,
	endedAt: time,
	outcome: text,
	headline: text,
	results: list(object),
	duets: list(object),
});
const nightlyRunning = shape({
	id: text,
	askedBy: text,
	startedAt: time,
	step: text,
	done: count,
	of: count,
});
const baseline = shape({ schema: { const: 1 }, scenario: text, entries: list(object) });
const fault = shape({
	id: text,
	kind: text,
	on: text,
	params: object,
	state: text,
	seen: texts,
	plannedFromMs: number,
	plannedToMs: number,
	injectedMs: or(number),
	healedMs: or(number),
});
const faultLeft = shape({
	faultId: text,
	runId: or(text),
	kind: text,
	on: text,
	undo: object,
	plannedAt: text,
});
const alert = shape({
	id: text,
	rule: text,
	origin: { enum: ["plan", "received"] },
	labels: object,
	runId: or(text),
	state: { enum: ["firing", "resolved", "ended"] },
	startedAt: time,
	endedAt: or(time),
	acknowledgedAt: or(time),
	acknowledgedBy: or(text),
});
const broken = shape({ name: text, error: text });
const scenario = shape({
	name: text,
	title: text,
	question: text,
	guarded: flag,
	needs: texts,
	start: text,
	lastVerdict: verdict,
});
const suiteRow = shape({ name: text, title: text, question: text, stepCount: count, start: text });
const stack = {
	components: list(shape({ name: text, state: { enum: ["up", "off", "missing"] } })),
};

const json = (schema: object) => ({ "application/json": schema });
const formed = (schema: object) => ({ ...json(schema), "text/plain": text });
const begunRun = json(shape({ runId: text, state: text, links }));
const begunSuite = json(shape({ id: text, state: text, links }));
/** At once, with `wait` at the end; or a page that asks first, where an address was opened. */
const started = (begun: object, ended: object): Answers => ({
	200: { ...formed(ended), "text/html": text },
	202: begun as Record<string, object>,
});

/** The one shape of everything that is refused or fails. */
export const errorAnswer = json(
	shape({
		error: shape({ code: { type: "string", pattern: "^FLT_" }, message: text, hint: text }),
	}),
);

export const answers: Record<string, Answers> = {
	"GET /scenarios": { 200: formed(shape({ scenarios: list({ anyOf: [scenario, broken] }) })) },
	"GET /scenarios/:name": {
		200: json(
			shape({
				...scenario.properties,
				params: object,
				sizes: object,
				checks: texts,
				limits: object,
			}),
		),
	},
	"GET /scenarios/:name/start": started(begunRun, run),
	"POST /scenarios/:name/start": started(begunRun, run),
	"GET /suites": { 200: formed(shape({ suites: list({ anyOf: [suiteRow, broken] }) })) },
	"GET /suites/:name": {
		200: json(shape({ ...suiteRow.properties, steps: list(object), suiteHash: text })),
	},
	"GET /suites/:name/start": started(begunSuite, suite),
	"POST /suites/:name/start": started(begunSuite, suite),
	"POST /suites": { 202: begunSuite },
	"GET /suites/runs/:id": { 200: formed(suite) },
	"POST /suites/runs/:id/stop": { 200: json(suite) },
	"GET /runs": { 200: formed(shape({ runs: list(shape({ ...brief, links })) })) },
	"POST /runs": { 202: begunRun },
	"GET /runs/:id": { 200: formed(run) },
	"POST /runs/:id/stop": { 200: json(run) },
	"POST /runs/:id/loads/:load": { 200: json(shape({ runId: text, load: text })) },
	"GET /runs/:id/events": { 200: { "text/event-stream": text } },
	"GET /runs/:id/report": { 200: { "text/html": text } },
	"GET /runs/:id/files/:name/:file": { 200: { "text/html": text, "text/plain": text } },
	"GET /runs/:id/latency.hlog": { 200: { "text/plain": text } },
	"GET /runs/:id/compare": {
		200: {
			...formed(
				shape({
					schema: { const: 1 },
					runId: text,
					scenario: text,
					verdict,
					outcome: text,
					against: object,
					repeats: texts,
					notes: texts,
					metrics: list(object),
				}),
			),
			"text/html": text,
		},
	},
	"GET /runs/:id/accepted": { 200: json(shape({ runId: or(text), loads: list(object) })) },
	"GET /baselines": { 200: formed(shape({ baselines: list(baseline) })) },
	"GET /baselines/:scenario": { 200: formed(baseline) },
	"POST /baselines/:scenario": { 200: json(shape({ file: text, changes: texts, baseline })) },
	"GET /faults": {
		200: formed(
			shape({
				faults: list(shape({ ...fault.properties, byHand: flag, healsInMs: number })),
				left: list(faultLeft),
				blocked: flag,
			}),
		),
	},
	"GET /faults/kinds": {
		200: json(
			shape({
				kinds: list(
					shape({ kind: text, victim: text, acts: text, heals: text, params: object, on: texts }),
				),
				broken: list(shape({ kind: text, error: text })),
			}),
		),
	},
	"POST /faults": { 201: json(fault) },
	"DELETE /faults/:id": { 200: json(fault) },
	"POST /faults/:id/drop": { 200: json(faultLeft) },
	"POST /heal": {
		200: json(
			shape({ healed: list(fault), stoppedRuns: texts, failures: texts, blocked: { const: true } }),
		),
	},
	"POST /heal/release": { 200: json(shape({ blocked: { const: false } })) },
	"GET /alerts": {
		404: errorAnswer,
		200: formed(
			shape({
				alerts: list(alert),
				pending: list(shape({ rule: text, runId: text })),
				sinks: list(shape({ kind: text, target: text, waitingCount: count, sentCount: count })),
			}),
		),
	},
	"POST /alerts/:id/ack": { 200: json(alert) },
	"POST /api/v2/alerts": { 200: {} },
	"GET /metrics": { 200: { "text/plain": text } },
	"GET /stack": { 200: formed(shape(stack)) },
	"POST /stack/up": { 200: json(shape({ restarted: texts, failures: texts, ...stack })) },
	"GET /": { 200: json(shape({ faultline: text, links })) },
	"GET /healthz": { 200: json(shape({ ok: { const: true } })) },
	"GET /readyz": {
		200: json(shape({ ready: { const: true } })),
		503: json(shape({ ready: { const: false } })),
	},
	"GET /nightly": {
		200: formed(
			shape({
				running: or(nightlyRunning),
				next: or(time),
				missed: list(object),
				last: or(nightly),
			}),
		),
	},
	"GET /nightly/:id": { 200: formed(nightly) },
	"POST /nightly": { 202: json(shape({ ...nightlyRunning.properties, links })) },
	"POST /nightly/stop": { 200: json(shape({ stopped: or(nightly) })) },
	"GET /openapi.json": { 200: json(object) },
};
