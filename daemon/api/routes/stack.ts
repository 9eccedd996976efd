import type { FastifyInstance } from "fastify";
import type { ApiContext } from "../server.ts";
import { present } from "../text.ts";
import { stackAsText, stackDocument } from "../views.ts";

/** The components and whether the daemon is there and ready. */
export function stackRoutes(app: FastifyInstance, context: ApiContext): void {
	app.get(
		"/stack",
		{ schema: { summary: "Components: up or missing, and where" } },
		(request, reply) => present(request, reply, stackDocument(context.stack()), stackAsText),
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
