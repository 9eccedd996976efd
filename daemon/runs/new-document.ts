import { randomBytes } from "node:crypto";
import type { ResolvedParams } from "../../scenarios/params.ts";
import type { ScenarioDescription } from "../host/protocol.ts";
import type { RunDocument } from "./document.ts";
import { environment, versions } from "./environment.ts";

/** The record of a run that has just been asked for: who it is, and nothing that has happened. */
export function newDocument(
	description: ScenarioDescription,
	{ params, changed, seedDrawn }: ResolvedParams,
): RunDocument {
	const { name, file, needs, hash, title, question, atScale } = description;
	return {
		schema: 1,
		runId: newRunId(name),
		scenario: name,
		file,
		about: { title, question, atScale },
		needs,
		params,
		changed,
		seed: params.seed,
		seedDrawn,
		size: params.size,
		state: "queued",
		verdict: null,
		expect: params.guard === "off" ? "failed" : "passed",
		asExpected: null,
		reasons: [],
		queuedAt: new Date().toISOString(),
		startedAt: null,
		endedAt: null,
		counts: "exact",
		phases: [],
		faults: [],
		loads: [],
		metrics: [],
		checks: [],
		alerts: [],
		exploration: null,
		duet: null,
		environment: environment(),
		versions: versions(),
		scenarioHash: hash,
	};
}

function newRunId(scenario: string): string {
	const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
	// A scenario's file may have any name; an id is part of paths, URLs and names of topics.
	const name = scenario.replaceAll(/[^\w.-]+/g, "_");
	return `${time}-${name}-${randomBytes(2).toString("hex")}`;
}
