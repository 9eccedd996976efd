import type { FastifyInstance } from "fastify";
import { FaultlineError } from "../../../base/errors.ts";
import type { PostedAlert } from "../../alerts/received.ts";
import type { ApiContext } from "../context.ts";
import { format } from "../start-call.ts";
import { present } from "../text.ts";
import { alertsAsText } from "../views.ts";

const texts = {
	type: "object",
	maxProperties: 64,
	propertyNames: { maxLength: 256 },
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

/** What one post may hold; senders split what is more. */
const alertsMax = 500;
/** They are kept for the whole time of the daemon. */
const labelsLengthMax = 4_096;
/** Senders repeat what lasts; an end beyond it would keep an alert firing for good. */
const aheadMaxMs = 24 * 3_600_000;

function checkBounds({ labels, endsAt }: PostedAlert, i: number, nowMs: number): void {
	const length = JSON.stringify(labels).length;
	if (length > labelsLengthMax)
		throw new FaultlineError(
			"FLT_USAGE",
			`body/${i}/labels has ${length} characters; at most ${labelsLengthMax} are taken`,
			"send long texts as annotations",
		);
	if (endsAt !== undefined && Date.parse(endsAt) > nowMs + aheadMaxMs)
		throw new FaultlineError(
			"FLT_USAGE",
			`body/${i}/endsAt is ${endsAt}, more than 24 hours ahead`,
			"repeat the alert while it lasts, as Prometheus does",
		);
}

/** Alerts of plans and from outside: listed, acknowledged, taken in. */
export function alertRoutes(app: FastifyInstance, { alerts }: ApiContext): void {
	app.get<{ Querystring: { limit?: number; before?: string } }>(
		"/alerts",
		{
			schema: {
				summary: "Alerts, active and recent, newest first, by pages",
				querystring: {
					type: "object",
					properties: {
						limit: { type: "integer", minimum: 1, maximum: 500, default: 100 },
						before: {
							type: "string",
							maxLength: 100,
							description: "an alert's id: only older ones",
						},
						format,
					},
				},
			},
		},
		(request, reply) => {
			const { limit = 100, before } = request.query;
			const page = alerts.page(limit, before ?? null);
			const document = { alerts: page, pending: alerts.pending, sinks: alerts.sinks };
			return present(request, reply, document, alertsAsText);
		},
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
			bodyLimit: 256 * 1_024,
			schema: {
				summary:
					"Takes alerts as Alertmanager does, so that rules outside are scored against the faults of the active run",
				body: {
					type: "array",
					maxItems: alertsMax,
					items: {
						type: "object",
						required: ["labels"],
						properties: {
							labels: { ...texts, required: ["alertname"], properties: { alertname: name } },
							annotations: texts,
							startsAt: time,
							endsAt: time,
							generatorURL: { type: "string", maxLength: 4_096 },
						},
					},
				},
			},
		},
		(request, reply) => {
			for (const [i, alert] of request.body.entries()) checkBounds(alert, i, Date.now());
			alerts.receive(request.body);
			return reply.send();
		},
	);
}
