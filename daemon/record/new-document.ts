import { randomBytes } from "node:crypto";
import { redacted } from "../../base/redact.ts";
import type { ResolvedParams } from "../../scenarios/contract/params.ts";
import type { ScenarioDescription } from "../host/protocol.ts";
import type { RunDocument } from "./document.ts";
import { environment, versions } from "./environment.ts";

/** The record of a run that has just been asked for: who it is, and nothing that has happened. */
export function newDocument(
	description: ScenarioDescription,
	{ params, changed, seedDrawn, allowDestructive }: Omit<ResolvedParams, "retries">,
	expect: RunDocument["expect"] = params.guard === "off" ? "failed" : "passed",
	tries: RunDocument["tries"] = { before: [], next: null },
): RunDocument {
	const { name, file, needs, hash, title, question, atScale } = description;
	return {
		schema: 1,
		runId: newId(name),
		scenario: name,
		file,
		about: { title, question, atScale },
		needs,
		params: redacted(params),
		changed: redacted(changed),
		allowDestructive,
		seed: params.seed,
		seedDrawn,
		size: params.size,
		state: "queued",
		verdict: null,
		expect,
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
		timings: { state: "clean", latenessMs: null, why: [], machine: null },
		tries,
		exploration: null,
		duet: null,
		environment: environment(),
		versions: versions(),
		scenarioHash: hash,
	};
}

/** A new id, which begins with its time. */
export function newId(of: string): string {
	const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
	return `${time}-${fitForId(of)}-${randomBytes(2).toString("hex")}`;
}

/** A file may have any name; an id is part of paths, URLs and names of topics. */
export function fitForId(name: string): string {
	return name.replaceAll(/[^\w.-]+/g, "_");
}
