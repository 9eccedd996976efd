import { createReadStream } from "node:fs";
import type { FastifyInstance } from "fastify";
import { FaultlineError } from "../../../base/errors.ts";
import { ratePerSecMax } from "../../../load/arrival.ts";
import type { PaceChange } from "../../../load/dues.ts";
import { describeFile } from "../../host/catalog.ts";
import { histogramLog } from "../../record/hlog.ts";
import { runAsText } from "../../record/run-text.ts";
import { reportOf } from "../../report/run-report.ts";
import type { RunRequest } from "../../runs/run-mode.ts";
import type { ApiContext } from "../context.ts";
import { duetSchema } from "../duet-schema.ts";
import { everyAnswer } from "../guards.ts";
import { KeptEvents, liveEvents } from "../run-events.ts";
import { EventStreams } from "../sse.ts";
import { filePath, formed, givenParams } from "../start-call.ts";
import { present } from "../text.ts";
import { linksOf, runsAsText, summaryOf } from "../views.ts";

type Paused = { paused: boolean };
type OneRun = { Params: { id: string } };

/** Runs: listed, read, followed, stopped; and started from a file by their owner. */
export function runRoutes(app: FastifyInstance, { runs, store, baselines }: ApiContext): void {
	const streams = new EventStreams();
	const kept = new KeptEvents((id) => runs.eventsOf(id));
	app.get<{ Querystring: { limit?: number; before?: string } }>(
		"/runs",
		{
			schema: {
				summary: "Runs, newest first",
				querystring: {
					type: "object",
					properties: {
						limit: { type: "integer", minimum: 1, maximum: 1_000, default: 50 },
						before: {
							type: "string",
							maxLength: 200,
							description: "a run id: only runs older than it",
						},
						format: { type: "string", enum: ["json", "text"] },
					},
				},
			},
		},
		(request, reply) => {
			const { limit = 50, before = null } = request.query;
			const document = { runs: runs.list(limit, before).map(summaryOf) };
			return present(request, reply, document, runsAsText);
		},
	);

	app.post<{
		Body: {
			file: string;
			params?: Record<string, unknown>;
			explore?: { budgetMs: number };
			duet?: Omit<Extract<RunRequest, { kind: "duet" }>, "kind">;
		};
	}>(
		"/runs",
		{
			config: { effect: true, owner: true },
			schema: {
				summary: "Runs a scenario file of this machine; only with the owner's token",
				body: {
					type: "object",
					required: ["file"],
					properties: {
						file: filePath,
						params: givenParams,
						explore: {
							type: "object",
							description: "try random fault timelines instead of the plan's own",
							required: ["budgetMs"],
							properties: { budgetMs: { type: "integer", minimum: 1_000, maximum: 86_400_000 } },
							additionalProperties: false,
						},
						duet: duetSchema,
					},
					additionalProperties: false,
				},
			},
		},
		async (request, reply) => {
			const { file, params = {}, explore, duet } = request.body;
			const run = await runs.start(
				await describeFile(file),
				params,
				duet
					? { kind: "duet", ...duet }
					: explore
						? { kind: "explore", ...explore }
						: { kind: "scenario" },
			);
			const { runId, state } = run.document;
			return reply.status(202).send({ runId, state, links: linksOf(runId) });
		},
	);

	app.get<OneRun>(
		"/runs/:id",
		{ schema: { summary: "A run's record", querystring: formed } },
		(request, reply) => present(request, reply, runs.read(request.params.id), runAsText),
	);

	app.post<OneRun>(
		"/runs/:id/stop",
		{
			config: { effect: true },
			schema: { summary: "Stops a run: heals its faults first; answers when it has ended" },
		},
		(request) => runs.stop(request.params.id, "stopped by request"),
	);

	app.post<{ Params: { id: string; load: string }; Body: { ratePerSec: number } | Paused }>(
		"/runs/:id/loads/:load",
		{
			config: { effect: true },
			schema: {
				summary: "Steers a running load: another rate, a pause, or its end",
				body: {
					oneOf: [
						{
							type: "object",
							required: ["ratePerSec"],
							properties: {
								ratePerSec: { type: "number", exclusiveMinimum: 0, maximum: ratePerSecMax },
							},
							additionalProperties: false,
						},
						{
							type: "object",
							required: ["paused"],
							properties: { paused: { type: "boolean" } },
							additionalProperties: false,
						},
					],
				},
			},
		},
		async ({ params: { id, load }, body }) => {
			const change: PaceChange =
				"paused" in body
					? { kind: body.paused ? "pause" : "resume" }
					: { kind: "rate", ratePerSec: body.ratePerSec };
			await runs.steer(id, load, change);
			return { runId: id, load, ...body };
		},
	);

	app.get<OneRun>(
		"/runs/:id/events",
		{ schema: { summary: "Server-sent events of a run, resumable by Last-Event-ID" } },
		(request, reply) => {
			const { id } = request.params;
			runs.read(id);
			streams.checkRoom();
			const said = String(request.headers["last-event-id"] ?? "");
			const afterId = /^\d{1,15}$/.test(said) ? Number(said) : 0;
			const live = runs.live(id);
			const source = live === null ? kept.source(id, afterId) : liveEvents(live, afterId);
			streams.open(request, reply, source);
		},
	);

	app.get<OneRun>(
		"/runs/:id/report",
		{
			schema: {
				summary: "A finished run as one HTML page; while another run is measured, after it",
			},
		},
		async (request, reply) => {
			const document = runs.read(request.params.id);
			const file = await reportOf(document, {
				store,
				baselines,
				when: (make) => runs.between(make),
			});
			return reply.type("text/html; charset=utf-8").send(createReadStream(file));
		},
	);

	app.get<{ Params: { id: string; name: string; file: string } }>(
		"/runs/:id/files/:name/:file",
		{ schema: { summary: "A file that the scenario has kept, such as a page of data docs" } },
		(request, reply) => {
			const { id, name, file } = request.params;
			const path = store.keptFile(id, name, file);
			// Whoever wrote it, it neither runs nor sends anything.
			const policy = `${everyAnswer["content-security-policy"]}; sandbox`;
			return reply
				.type(typeOf(file))
				.header("content-security-policy", policy)
				.send(createReadStream(path));
		},
	);

	app.get<OneRun>(
		"/runs/:id/latency.hlog",
		{
			schema: {
				summary: "Response times as a standard HdrHistogram log, milliseconds, a tag per load",
			},
		},
		(request, reply) => {
			const document = runs.read(request.params.id);
			if (document.startedAt === null) {
				throw new FaultlineError("FLT_CONFLICT", "the run has not started", "ask again later");
			}
			const text = histogramLog(document, store.readIntervals(document.runId));
			return reply.type("text/plain; charset=utf-8").send(text);
		},
	);
}

/** Pages are pages; nothing else is read as what it was not meant to be. */
function typeOf(file: string): string {
	return file.endsWith(".html") ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
}
