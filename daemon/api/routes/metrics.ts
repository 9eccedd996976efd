import type { FastifyInstance } from "fastify";
import { contentType } from "../../metrics/exposition.ts";
import type { ApiContext } from "../context.ts";

/** What Prometheus scrapes. */
export function metricRoutes(app: FastifyInstance, { metrics, runs, faults, alerts }: ApiContext) {
	app.get("/metrics", { schema: { summary: "Metrics for Prometheus" } }, (_request, reply) => {
		const moment = { active: runs.active, faults: faults.inForce };
		const text = metrics.text({ ...moment, alerts: alerts.alerts, pending: alerts.pending });
		return reply.type(contentType).send(text);
	});
}
