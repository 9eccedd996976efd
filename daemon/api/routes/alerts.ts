import type { FastifyInstance } from "fastify";
import type { PostedAlert } from "../../alerts/received.ts";
import type { ApiContext } from "../server.ts";
import { formed } from "../start-call.ts";
import { present } from "../text.ts";
import { alertsAsText } from "../views.ts";

const texts = {
	type: "object",
	maxProperties: 64,
	additionalProperties: { type: "string", maxLength: 4_096 },
};
/** It is printed in terminals: nothing in it may steer one. */
const name = {
	type: "string",
	minLength: 1,
	maxLength: 100,
	pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]*$",
};
/** RFC 3339; Go writes nanoseconds. */
const time = { type: "string", format: "date-time" };

/** Alerts of plans and from outside: listed, acknowledged, taken in. */
export function alertRoutes(app: FastifyInstance, { alerts }: ApiContext): void {
	app.get(
		"/alerts",
		{ schema: { summary: "Alerts, active and recent, newest first", querystring: formed } },
		(request, reply) =>
			present(
				request,
				reply,
				{ alerts: alerts.alerts, pending: alerts.pending, sinks: alerts.sinks },
				alertsAsText,
			),
	);

	app.post<{ Params: { id: string }; Body: { by: string } }>(
		"/alerts/:id/ack",
		{
			config: { effect: true },
			schema: {
				summary:
					"Somebody takes an alert on: the time until then is in the run's record; the first one counts",
				body: {
					type: "object",
					required: ["by"],
					properties: { by: name },
					additionalProperties: false,
				},
			},
		},
		({ params: { id }, body: { by } }) => alerts.acknowledge(id, by),
	);

	app.post<{ Body: PostedAlert[] }>(
		"/api/v2/alerts",
		{
			config: { effect: true },
			schema: {
				summary:
					"Takes alerts as Alertmanager does, so that rules outside are scored against the faults of the active run",
				body: {
					type: "array",
					maxItems: 2_000,
					items: {
						type: "object",
						required: ["labels"],
						properties: {
							labels: { ...texts, required: ["alertname"], properties: { alertname: name } },
							annotations: texts,
							startsAt: time,
							endsAt: time,
							generatorURL: { type: "string" },
						},
					},
				},
			},
		},
		(request, reply) => {
			alerts.receive(request.body);
			return reply.send();
		},
	);
}
