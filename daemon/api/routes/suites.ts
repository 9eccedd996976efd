import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { describeSuiteFile } from "../../host/catalog.ts";
import type { SuiteDocument } from "../../suites/document.ts";
import { suiteAsText } from "../../suites/text.ts";
import { suitesAsText, suitesView, suiteView } from "../catalog-views.ts";
import type { ApiContext } from "../context.ts";
import {
	filePath,
	formed,
	givenParams,
	readStart,
	startSchemas,
	withoutBody,
} from "../start-call.ts";
import { present } from "../text.ts";

type Named = { Params: { name: string } };
type OneRecord = { Params: { id: string } };

const asked = { querystring: formed };

/** Suites: listed, started as scenarios are, followed by their records, stopped. */
export function suiteRoutes(app: FastifyInstance, { suiteCatalog, suites }: ApiContext): void {
	app.get(
		"/suites",
		{ schema: { summary: "All suites, broken ones with their error", ...asked } },
		async (request, reply) => {
			const document = suitesView(await suiteCatalog.list(), suites);
			return present(request, reply, document, suitesAsText);
		},
	);

	app.get<Named>(
		"/suites/:name",
		{ schema: { summary: "One suite: its steps, the headings of its table, its last outcome" } },
		async (request) => {
			const description = await suiteCatalog.find(request.params.name);
			const { file: _, hash, steps, values } = description;
			const view = suiteView(description, suites);
			return { ...view, steps, values, suiteHash: hash };
		},
	);

	const begun = (reply: FastifyReply, { id, state }: SuiteDocument) =>
		reply.status(202).send({ id, state, links: linksOf(id) });

	const start = async (request: FastifyRequest<Named>, reply: FastifyReply) => {
		const description = await suiteCatalog.find(request.params.name);
		const { given, waits, asText } = readStart(request);
		const document = await suites.start(description, given);
		if (!waits) return begun(reply, document);
		// A client that leaves does not stop the suite: nothing here listens to its connection.
		return present(request, reply, await suites.ended(document.id), suiteAsText, asText);
	};
	const { querystring, body } = startSchemas({
		seed: { type: "string", description: "uint32, or random: one for all steps; default 1" },
		size: { type: "string", description: "small, default or large" },
	});
	const summary =
		"Starts a suite; parameters go to every step that does not set them. `wait=true` answers with its record at the end";
	const config = { effect: true };
	app.get<Named>("/suites/:name/start", { schema: { summary, querystring }, config }, start);
	app.post<Named>(
		"/suites/:name/start",
		{ schema: { summary, querystring, body }, config, preValidation: withoutBody },
		start,
	);

	app.post<{ Body: { file: string; params?: Record<string, unknown> } }>(
		"/suites",
		{
			config: { effect: true, owner: true },
			schema: {
				summary: "Starts a suite file of this machine; only with the owner's token",
				body: {
					type: "object",
					required: ["file"],
					properties: { file: filePath, params: givenParams },
					additionalProperties: false,
				},
			},
		},
		async (request, reply) => {
			const { file, params = {} } = request.body;
			return begun(reply, await suites.start(await describeSuiteFile(file), params));
		},
	);

	app.get<OneRecord>(
		"/suites/runs/:id",
		{ schema: { summary: "A suite's record; while it runs, what is done so far", ...asked } },
		(request, reply) => present(request, reply, suites.read(request.params.id), suiteAsText),
	);

	app.post<OneRecord>(
		"/suites/runs/:id/stop",
		{
			config,
			schema: { summary: "Stops a suite and its current run; answers with its record at the end" },
		},
		(request) => suites.stop(request.params.id, "stopped by request"),
	);
}

function linksOf(id: string): Record<string, string> {
	const suite = `/suites/runs/${id}`;
	return { suite, stop: `${suite}/stop` };
}
