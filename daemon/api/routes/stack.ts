import type { FastifyInstance } from "fastify";
import { FaultlineError } from "../../../base/errors.ts";
import type { ApiContext } from "../context.ts";
import { formed } from "../start-call.ts";
import { present } from "../text.ts";
import { stackAsText, stackDocument } from "../views.ts";

/** The components and whether the daemon is there and ready. */
export function stackRoutes(app: FastifyInstance, context: ApiContext): void {
	app.get(
		"/stack",
		{ schema: { summary: "Components: up or missing, and where", querystring: formed } },
		(request, reply) => present(request, reply, stackDocument(context.stack()), stackAsText),
	);

	app.post(
		"/stack/up",
		{
			config: { effect: true },
			schema: {
				summary:
					"Starts again what has ended of the stack, and takes back what a fault had left in it",
			},
		},
		async () => {
			const { runs, faults } = context;
			// One that could not be healed may wait for just this.
			const fault = faults.active.find(({ state }) => state !== "heal_failed");
			const uses = runs.active?.id ?? (fault && `fault ${fault.id}`);
			if (uses !== undefined)
				throw new FaultlineError(
					"FLT_CONFLICT",
					`${uses} is under way, and may be why a component is gone`,
					"wait for its end, stop it or heal it; then try again",
				);
			const restarted = await context.revive();
			const failures = await faults.retry();
			return { restarted, failures, ...stackDocument(context.stack()) };
		},
	);

	app.get("/healthz", { schema: { summary: "200 while the daemon lives" } }, () => ({ ok: true }));

	app.get(
		"/readyz",
		{
			schema: {
				summary: "200 once faults are healed and each component is up or reported missing",
			},
		},
		(_request, reply) => reply.status(context.ready() ? 200 : 503).send({ ready: context.ready() }),
	);
}
