import type { RunDocument } from "../../../daemon/runs/document.ts";

/** A run that is queued, but for what is given. */
export function runDocument(given: Partial<RunDocument> = {}): RunDocument {
	return {
		schema: 1,
		runId: "20260101T000000Z-echo-0001",
		scenario: "echo",
		file: "/scenarios/echo.scenario.ts",
		about: {
			title: "Echo",
			question: "Does it answer?",
			atScale: { growth: "linear", breaksFirst: "the link", replacement: "two links" },
		},
		needs: [],
		params: { seed: 1, size: "default", guard: "on" },
		changed: {},
		seed: 1,
		seedDrawn: false,
		size: "default",
		state: "queued",
		verdict: null,
		expect: "passed",
		asExpected: null,
		reasons: [],
		queuedAt: "2026-01-01T00:00:00.000Z",
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
		exploration: null,
		duet: null,
		environment: { fingerprint: "f", cpu: "c", cores: 2, memoryBytes: 1, kernel: "k" },
		versions: {},
		scenarioHash: "h",
		...given,
	};
}
