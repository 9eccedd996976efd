import underPressure from "@fastify/under-pressure";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { Type } from "typebox";
import { Admission, type Candidate, type End } from "./admission.ts";
import type { Asked, Decision, Refusal } from "./decisions.ts";
import type { Downstream } from "./downstream.ts";
import { type IngestEvent, priorities } from "./event.ts";
import { headers } from "./headers.ts";
import type { Policy } from "./policies.ts";

export interface ServiceOptions {
	policy: Policy;
	downstream: Downstream;
	/** Patience of a client that does not say how long it waits. */
	usualDeadlineMs: number;
	/** Milliseconds of a clock that only goes forward. */
	nowMs(): number;
	/** Told of every decision, before anybody is answered. */
	tell(decision: Decision): void;
}

const eventSchema = Type.Object({
	eventId: Type.String({ maxLength: 100 }),
	client: Type.Integer({ minimum: 0 }),
	priority: Type.Integer({ minimum: 0, maximum: priorities.length - 1 }),
	amountCents: Type.Integer(),
});

/**
 * The ingest service: `POST /events` answers 201 when the event is in the log and in the store. What is refused with
 * `Retry-After`, by 429 or 503, was certainly not touched; 502 and 504 leave that open.
 */
export async function ingestService(options: ServiceOptions): Promise<FastifyInstance> {
	const { policy, downstream, usualDeadlineMs, nowMs, tell } = options;
	const admission = new Admission(policy, priorities.length, tell);
	const app = fastify({ keepAliveTimeout: 60_000 });
	let keys = 0;

	const askedBy = ({ headers: said }: FastifyRequest): Asked => {
		const number = (name: string, byDefault: number) => {
			const value = Number(said[name]);
			return said[name] === undefined || Number.isNaN(value) ? byDefault : value;
		};
		return {
			key: ++keys,
			client: number(headers.client, 0),
			priority: Math.min(priorities.length - 1, Math.max(0, number(headers.priority, 1))),
			deadlineAtMs: nowMs() + number(headers.deadlineMs, usualDeadlineMs),
		};
	};
	const refuse = (reply: FastifyReply, why: Refusal): FastifyReply => {
		const afterMs = Math.ceil(admission.roomAfterMs);
		return reply
			.code(why === "queue_full" || why === "evicted" ? 429 : 503)
			.header("retry-after", Math.ceil(afterMs / 1_000))
			.header(headers.retryAfterMs, afterMs)
			.send({ refused: why });
	};
	/** At the door: what is refused here costs no more than its headers. */
	const refusedAtOnce = (asked: Asked, reply: FastifyReply, why: Refusal): FastifyReply => {
		tell({ is: "refused", atMs: nowMs(), ...asked, why });
		return refuse(reply, why);
	};

	if (policy.honoursDeadlines)
		await app.register(underPressure, {
			// A process that takes longer to turn round than its clients wait is of use to nobody.
			maxEventLoopDelay: usualDeadlineMs,
			sampleInterval: usualDeadlineMs,
			pressureHandler: (request, reply) => void refusedAtOnce(askedBy(request), reply, "pressure"),
		});

	app.post<{ Body: IngestEvent }>("/events", {
		schema: { body: eventSchema },
		async onRequest(request, reply) {
			const asked = askedBy(request);
			const why = admission.refusalOf(asked, nowMs());
			if (why !== null) return refusedAtOnce(asked, reply, why);
			request.asked = asked;
		},
		handler: (request, reply) => serve(request.asked!, request.body, reply),
	});
	app.decorateRequest("asked", null);
	return app;

	/** Resolves with the answer, which a client that has a deadline gets by then, whatever becomes of its event. */
	function serve(asked: Asked, event: IngestEvent, reply: FastifyReply): Promise<FastifyReply> {
		return new Promise((answer) => {
			const candidate: Candidate = {
				...asked,
				start() {
					void work(asked, event).then((end) => {
						admission.ended(asked.key, end, nowMs());
						clearTimeout(timer);
						answer(reply.sent ? reply : reply.code(statusOf(end)).send({ eventId: event.eventId }));
					});
				},
				drop(why) {
					clearTimeout(timer);
					answer(refuse(reply, why));
				},
			};
			const timer = policy.honoursDeadlines
				? setTimeout(() => {
						if (!admission.withdraw(candidate, nowMs()))
							answer(reply.code(504).send({ late: true }));
					}, asked.deadlineAtMs - nowMs())
				: undefined;
			const why = admission.offer(candidate, nowMs());
			if (why === null) return;
			clearTimeout(timer);
			answer(refusedAtOnce(asked, reply, why));
		});
	}

	async function work({ deadlineAtMs }: Asked, event: IngestEvent): Promise<End> {
		try {
			const startMs = nowMs();
			await downstream.publish(event);
			const publishedMs = nowMs();
			if (policy.honoursDeadlines && publishedMs >= deadlineAtMs) return { how: "late" };
			await downstream.store(event);
			return { how: "done", tookMs: nowMs() - startMs, storeMs: nowMs() - publishedMs };
		} catch {
			return { how: "error" };
		}
	}
}

function statusOf({ how }: End): number {
	switch (how) {
		case "done":
			return 201;
		case "late":
			return 504;
		case "error":
			return 502;
		default:
			return how satisfies never;
	}
}

declare module "fastify" {
	interface FastifyRequest {
		asked: Asked | null;
	}
}
