import type { FastifyInstance } from "fastify";
import { FaultlineError } from "../../../base/errors.ts";
import { redactUrl } from "../../../base/redact.ts";
import { sizes } from "../../../scenarios/contract/run-params.ts";
import type { NightlyPlan } from "../../nightly/settings.ts";
import { nightlyAsText, statusAsText } from "../../nightly/text.ts";
import type { ApiContext } from "../context.ts";
import { duetSchema } from "../duet-schema.ts";
import { filePath, formed, givenParams } from "../start-call.ts";
import { present } from "../text.ts";

const variant = {
	...givenParams,
	additionalProperties: { type: ["string", "number", "boolean"] },
};
const budgetMaxMs = 7 * 24 * 3_600_000;

/** Nightlies: the last, the next, the one that runs; begun by their owner. */
export function nightlyRoutes(app: FastifyInstance, { nightly }: ApiContext): void {
	app.get(
		"/nightly",
		{
			schema: {
				summary: "The last nightly, when the next is planned, and the one that runs",
				querystring: formed,
			},
		},
		(request, reply) => present(request, reply, nightly.status(), statusAsText),
	);

	app.get<{ Params: { id: string } }>(
		"/nightly/:id",
		{
			schema: {
				summary: "The summary of one nightly",
				querystring: formed,
			},
		},
		(request, reply) => present(request, reply, nightly.read(request.params.id), nightlyAsText),
	);

	app.post<{ Body: Partial<NightlyPlan> | null }>(
		"/nightly",
		{
			config: { effect: true, owner: true },
			schema: {
				summary:
					"Begins a nightly; only with the owner's token. What is not given comes from the settings",
				body: {
					type: ["object", "null"],
					properties: {
						scenarios: {
							type: ["array", "null"],
							maxItems: 500,
							items: filePath,
							description: "names, or paths of files; null: all",
						},
						duets: {
							type: "array",
							maxItems: 500,
							items: {
								type: "object",
								required: ["scenario", "a", "b", "shape"],
								properties: {
									scenario: filePath,
									a: variant,
									b: variant,
									shape: duetSchema.properties.plan.properties.shape,
								},
								additionalProperties: false,
							},
						},
						budgetMs: { type: "number", exclusiveMinimum: 0, maximum: budgetMaxMs },
						size: { type: "string", enum: [...sizes] },
						seed: { type: "integer", minimum: 0, maximum: 2 ** 32 - 1 },
						allowDestructive: { type: "boolean" },
						webhook: {
							type: ["string", "null"],
							pattern: "^https?://[!-~]+$",
							maxLength: 4_096,
						},
					},
					additionalProperties: false,
				},
			},
		},
		(request, reply) => {
			const { webhook = null } = request.body ?? {};
			if (webhook !== null && !URL.canParse(webhook))
				throw new FaultlineError(
					"FLT_USAGE",
					`webhook is "${redactUrl(webhook)}", which is no URL`,
					"name http:// or https:// and where to post",
				);
			const running = nightly.start(request.body ?? {}, "person");
			const links = { nightly: `/nightly/${running.id}`, stop: "/nightly/stop" };
			return reply.status(202).send({ ...running, links });
		},
	);

	app.post(
		"/nightly/stop",
		{
			config: { effect: true },
			schema: { summary: "Ends the nightly that runs; answers with its summary, null where none" },
		},
		async () => ({ stopped: await nightly.stop("stopped by request") }),
	);
}
