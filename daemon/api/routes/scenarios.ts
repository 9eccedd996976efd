import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { RunDocument } from "../../record/document.ts";
import { runAsText } from "../../record/run-text.ts";
import { lastVerdicts, scenariosAsText, scenariosView, scenarioView } from "../catalog-views.ts";
import type { ApiContext } from "../context.ts";
import { formed, readStart, startSchemas, withoutBody } from "../start-call.ts";
import { present } from "../text.ts";
import { linksOf } from "../views.ts";

type Named = { Params: { name: string } };

/** What scenarios there are, and the call that starts one. */
export function scenarioRoutes(app: FastifyInstance, context: ApiContext): void {
	const { catalog, runs } = context;

	app.get(
		"/scenarios",
		{ schema: { summary: "All scenarios, broken ones with their error", querystring: formed } },
		async (request, reply) => {
			const document = scenariosView(await catalog.list(), runs.list(200, null));
			return present(request, reply, document, scenariosAsText);
		},
	);

	app.get<Named>(
		"/scenarios/:name",
		{ schema: { summary: "One scenario: parameters, question, at-scale note" } },
		async (request) => {
			const description = await catalog.find(request.params.name);
			const { limits, checks, params, sizes, atScale, hash, tools, twinFails } = description;
			const verdicts = lastVerdicts(runs.list(200, null));
			const view = scenarioView(description, verdicts.get(description.name) ?? null);
			return {
				...view,
				params,
				sizes,
				checks,
				twinFails,
				tools,
				limits,
				atScale,
				scenarioHash: hash,
			};
		},
	);

	const start = async (request: FastifyRequest<Named>, reply: FastifyReply) => {
		const description = await catalog.find(request.params.name);
		const { given, waits, asText } = readStart(request);
		const run = await runs.start(description, given);
		if (!waits) {
			const { runId, state } = run.document;
			return reply.status(202).send({ runId, state, links: linksOf(runId) });
		}
		// A client that leaves does not stop the run: nothing here listens to its connection.
		const document: RunDocument = await runs.lastTry(run);
		return present(request, reply, document, runAsText, asText);
	};
	const { querystring, body } = startSchemas({
		seed: { type: "string", description: "uint32, or random; default 1" },
		size: { type: "string", description: "small, default or large" },
		guard: { type: "string", description: "on or off, where there is a naive twin" },
		retries: {
			type: "string",
			description: "0 to 9: how often to try again where the machine was to blame; default 1",
		},
	});
	const summary =
		"Starts a run; parameters by query. `wait=true` answers with the finished record of the last try";
	const config = { effect: true };
	app.get<Named>("/scenarios/:name/start", { schema: { summary, querystring }, config }, start);
	app.post<Named>(
		"/scenarios/:name/start",
		{ schema: { summary, querystring, body }, config, preValidation: withoutBody },
		start,
	);
}
