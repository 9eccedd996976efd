import type { FastifyInstance } from "fastify";
import { FaultlineError } from "../../../base/errors.ts";
import { allKinds } from "../../../chaos/kinds.ts";
import { type LiveFault, liveFaultMs } from "../../../chaos/live-faults.ts";
import type { ApiContext } from "../context.ts";
import { formed, givenParams, name } from "../start-call.ts";
import { present } from "../text.ts";
import { faultsAsText } from "../views.ts";

/** The faults that are in force, the kinds there are; faults by hand, and the red button. */
export function faultRoutes(app: FastifyInstance, { faults }: ApiContext): void {
	app.get(
		"/faults",
		{
			schema: {
				summary: "Faults in force, and those left that could not be healed",
				querystring: formed,
			},
		},
		(request, reply) =>
			present(
				request,
				reply,
				{ faults: faults.inForce, left: faults.left, blocked: faults.blocked },
				faultsAsText,
			),
	);

	app.get(
		"/faults/kinds",
		{
			schema: {
				summary:
					"Kinds of faults: what the victim sees, parameters, what they can act on by hand now",
			},
		},
		async () => {
			const { whole, broken } = await allKinds();
			const kinds = whole.map(async ([kind, fault]) => {
				const { victim, acts, heals, params } = fault;
				return { kind, victim, acts, heals, params, ...(await faults.placesOf(fault)) };
			});
			return { kinds: await Promise.all(kinds), broken };
		},
	);

	app.post<{ Body: Omit<LiveFault, "params"> & { params?: object } }>(
		"/faults",
		{
			config: { effect: true },
			schema: {
				summary:
					"Injects a fault now: on a path or subject of the active run, else on a service's standing path; answers when its effect was looked for",
				body: {
					type: "object",
					required: ["kind", "on", "forMs"],
					properties: {
						kind: name,
						on: name,
						params: { ...givenParams, default: {} },
						forMs: {
							type: "integer",
							minimum: liveFaultMs.min,
							maximum: liveFaultMs.max,
							description: "healed after this time at the latest, ms",
						},
					},
					additionalProperties: false,
				},
			},
		},
		async (request, reply) =>
			reply.status(201).send(await faults.inject({ params: {}, ...request.body })),
	);

	app.delete<{ Params: { id: string } }>(
		"/faults/:id",
		{ config: { effect: true }, schema: { summary: "Heals a fault that was injected by hand" } },
		(request) => faults.heal(request.params.id),
	);

	app.post<{ Params: { id: string } }>(
		"/faults/:id/drop",
		{
			config: { effect: true },
			schema: {
				summary:
					"Gives up a fault that can't be healed and was taken back by other means; answers what its healing would have taken back",
			},
		},
		(request) => faults.drop(request.params.id),
	);

	app.post(
		"/heal",
		{
			config: { effect: true },
			schema: {
				summary:
					"The red button: heals every fault, stops every run, and blocks new ones until POST /heal/release",
				// Nothing about how it is pressed is a reason not to heal.
				querystring: { type: "object", additionalProperties: true },
			},
		},
		async () => {
			const result = await faults.healAll();
			if (result.failures.length === 0) return { ...result, blocked: true };
			throw new FaultlineError(
				"FLT_HEAL_FAILED",
				result.failures.join("; "),
				"they stay in the ledger: POST /heal tries again, POST /faults/ID/drop gives one up that was taken back otherwise",
			);
		},
	);

	app.post(
		"/heal/release",
		{ config: { effect: true }, schema: { summary: "Lets new runs and faults in again" } },
		() => {
			faults.release();
			return { blocked: false };
		},
	);
}
