import { createReadStream } from "node:fs";
import type { FastifyInstance } from "fastify";
import { FaultlineError } from "../../../base/errors.ts";
import { acceptRuns } from "../../compare/accept.ts";
import { acceptedFor } from "../../compare/baseline.ts";
import { compareRun } from "../../compare/sources.ts";
import { baselineAsText, baselinesAsText, comparisonAsText } from "../../compare/text.ts";
import { comparisonReportOf } from "../../report/run-report.ts";
import type { ApiContext } from "../context.ts";
import { formed } from "../start-call.ts";
import { present } from "../text.ts";

type OneRun = {
	Params: { id: string };
	Querystring: { to?: string; repeat?: string; format?: string };
};
type OneScenario = { Params: { scenario: string } };

/** Each is a record to be read. */
const idsMax = 50;

function idsOf(list: string): string[] {
	const ids = list.split(",").filter((id) => id !== "");
	if (ids.length <= idsMax) return ids;
	throw new FaultlineError(
		"FLT_USAGE",
		`${ids.length} run ids are named; at most ${idsMax} are taken`,
		"name run ids, separated by commas",
	);
}

/** Runs held against baselines and each other; baselines listed and accepted. */
export function comparisonRoutes(app: FastifyInstance, context: ApiContext): void {
	const { runs, store, baselines } = context;

	app.get<OneRun>(
		"/runs/:id/compare",
		{
			schema: {
				summary: "A run against the baseline of its scenario, or against another run",
				querystring: {
					type: "object",
					properties: {
						to: {
							type: "string",
							maxLength: 200,
							default: "baseline",
							description: "baseline, or a run id",
						},
						repeat: {
							type: "string",
							maxLength: 4_000,
							description: "ids of runs that repeat it, separated by commas",
						},
						format: { type: "string", enum: ["json", "text", "html"] },
					},
				},
			},
		},
		async (request, reply) => {
			const { to = "baseline", repeat = "", format } = request.query;
			const repeats = idsOf(repeat);
			const read = (id: string) => runs.read(id);
			const comparison = compareRun(request.params.id, to, repeats, { ...context, read });
			if (format !== "html") return present(request, reply, comparison, comparisonAsText);
			const when = (make: () => Promise<void>) => runs.between(make);
			const file = await comparisonReportOf(comparison, { store, baselines, when });
			return reply.type("text/html; charset=utf-8").send(createReadStream(file));
		},
	);

	app.get<OneRun>(
		"/runs/:id/accepted",
		{
			schema: {
				summary:
					"Steady state of the accepted run that this one will be held against, load by load",
			},
		},
		({ params }) => {
			const run = runs.read(params.id);
			const baseline = baselines.find(run.scenario);
			const accepted = baseline === null ? null : acceptedFor(baseline, run);
			return { runId: accepted?.runId ?? null, loads: accepted?.loads ?? [] };
		},
	);

	app.get(
		"/baselines",
		{
			schema: {
				summary: "What was accepted as good, by scenario",
				querystring: formed,
			},
		},
		(request, reply) => present(request, reply, { baselines: baselines.list() }, baselinesAsText),
	);

	app.get<OneScenario>(
		"/baselines/:scenario",
		{ schema: { summary: "The baseline of one scenario", querystring: formed } },
		(request, reply) =>
			present(request, reply, baselines.read(request.params.scenario), baselineAsText),
	);

	app.post<OneScenario & { Querystring: { run: string }; Body: { reason: string } }>(
		"/baselines/:scenario",
		{
			config: { effect: true, owner: true },
			schema: {
				summary: "Accepts runs of a scenario as its baseline; only with the owner's token",
				querystring: {
					type: "object",
					required: ["run"],
					properties: {
						run: {
							type: "string",
							pattern: "^[^,]",
							maxLength: 4_000,
							description: "run ids, separated by commas",
						},
					},
				},
				body: {
					type: "object",
					required: ["reason"],
					properties: { reason: { type: "string", minLength: 1, maxLength: 4_096 } },
					additionalProperties: false,
				},
			},
		},
		(request) => {
			const { scenario } = request.params;
			const documents = idsOf(request.query.run).map((id) => runs.read(id));
			const stranger = documents.find((document) => document.scenario !== scenario);
			if (stranger !== undefined)
				throw new FaultlineError(
					"FLT_CONFLICT",
					`run ${stranger.runId} is of ${stranger.scenario}, not of ${scenario}`,
					"name runs of this scenario",
				);
			const { reason } = request.body;
			const at = new Date().toISOString();
			const { baseline, changes } = acceptRuns(baselines.find(scenario), documents, { reason, at });
			baselines.save(baseline);
			return { file: baselines.fileOf(scenario), changes, baseline };
		},
	);
}
