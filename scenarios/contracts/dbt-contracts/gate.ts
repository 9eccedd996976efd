import { databaseFinding, type Finding, lostConnection, mismatches } from "./gate-messages.ts";

/** How the process of the gate ended. */
export interface GateEnd {
	exitCode: number | null;
	signal: string | null;
	/** The end of what it printed. */
	output: string;
}

/** What dbt has in its files, as far as it is read here; null where it did not come to that, as after a kill. */
export interface GateFiles {
	/** Of `sources.json`, and what that leaves out. */
	sources: SourcesFile | null;
	/** Of `run_results.json`. */
	runResults: RunResultsFile | null;
	/** Of `manifest.json`. */
	manifest: ManifestFile | null;
}

export interface SourcesFile {
	results: {
		unique_id: string;
		status: string;
		/** Where there is no age, such as of a table that is not there. */
		error?: string | null;
		max_loaded_at_time_ago_in_s?: number | null;
		criteria?: { error_after?: { count: number | null; period: string | null } | null };
	}[];
}

export interface RunResultsFile {
	results: { unique_id: string; status: string; message: string | null }[];
}

export interface ManifestFile {
	nodes: Record<string, ManifestNode>;
	unit_tests?: Record<string, { model: string }>;
}

export interface ManifestNode {
	resource_type: string;
	name: string;
	/** Of a test. */
	column_name?: string | null;
	attached_node?: string | null;
	test_metadata?: { name: string; kwargs: { columns?: string[] | null } } | null;
}

/** What the gate says of the source as it is. */
export type GateVerdict =
	/** Every model was built and every rule holds. */
	| { kind: "passed" }
	| { kind: "blocked"; findings: Finding[] }
	/** It did not come to an end, for a reason that is not in the data: ask again. */
	| { kind: "none"; reason: string };

/**
 * Reads what dbt has left. A finding blocks, whatever else went wrong; and only an end with all models built and no test
 * left out is a pass. All the rest, as a dbt that was killed or has lost its connection, is no verdict.
 */
export function gateVerdict(end: GateEnd, files: GateFiles): GateVerdict {
	const told = [
		...(files.sources?.results ?? []).map(sourceTold),
		...(files.runResults?.results ?? []).map((result) => nodeTold(result, files.manifest)),
	];
	const findings = told.flatMap((each) => (each.kind === "broken" ? each.findings : []));
	if (findings.length > 0) return { kind: "blocked", findings };
	const lost = told.find((each) => each.kind === "lost");
	if (lost !== undefined) return { kind: "none", reason: lost.reason };
	if (end.signal !== null) return { kind: "none", reason: `dbt was ended by ${end.signal}` };
	if (end.exitCode !== 0)
		return {
			kind: "none",
			reason: `dbt ended with ${end.exitCode} and no finding: ${lastLines(end.output)}`,
		};
	const left = leftOut(files);
	return left === null ? { kind: "passed" } : { kind: "none", reason: left };
}

/** Findings as the one message that people read: `stg_orders.status: not_null: Got 3 results`. */
export function findingsText(findings: readonly Finding[]): string {
	return findings
		.map(({ model, columns, rule, detail }) =>
			[[model, ...columns].join("."), rule, ...(detail === "" ? [] : [detail])].join(": "),
		)
		.join("; ");
}

type Told =
	| { kind: "holds" }
	| { kind: "broken"; findings: Finding[] }
	| { kind: "lost"; reason: string };

const holds: Told = { kind: "holds" };

function sourceTold(result: SourcesFile["results"][number]): Told {
	const table = result.unique_id.split(".").at(-1)!;
	switch (result.status) {
		case "pass":
		case "warn":
			return holds;
		case "error":
			return { kind: "broken", findings: [staleFinding(table, result)] };
		default:
			return errorTold(table, result.error ?? result.status);
	}
}

function staleFinding(table: string, result: SourcesFile["results"][number]): Finding {
	const hours = (result.max_loaded_at_time_ago_in_s ?? Number.NaN) / 3_600;
	const { count, period } = result.criteria?.error_after ?? { count: null, period: null };
	const detail = `the newest row is ${hours.toFixed(1)} h old, an error after ${count} ${period}`;
	return { model: table, columns: [], rule: "freshness", detail };
}

function nodeTold(
	{ unique_id: id, status, message }: RunResultsFile["results"][number],
	manifest: ManifestFile | null,
): Told {
	switch (status) {
		case "success":
		case "pass":
		case "warn":
		case "skipped":
		case "no-op":
			return holds;
		case "fail":
			return { kind: "broken", findings: [testFinding(id, message ?? "", manifest)] };
		default:
			return errorTold(modelOf(id, manifest), message ?? status);
	}
}

/** An error is a finding where its message says which rule is broken or what the model lacks, and else nobody knows. */
function errorTold(model: string, message: string): Told {
	const found = mismatches(model, message);
	if (found.length > 0) return { kind: "broken", findings: found };
	if (lostConnection(message)) return { kind: "lost", reason: firstLines(message) };
	return { kind: "broken", findings: [databaseFinding(model, message)] };
}

function testFinding(id: string, message: string, manifest: ManifestFile | null): Finding {
	const model = modelOf(id, manifest);
	const node = manifest?.nodes[id];
	const rule = node?.test_metadata?.name ?? (id.startsWith("unit_test.") ? "unit_test" : "test");
	const together = node?.test_metadata?.kwargs.columns;
	const columns = together ?? (node?.column_name ? [node.column_name] : []);
	return { model, columns, rule, detail: firstLines(message) };
}

/** The model that a test is about, or that a result is of; without a manifest the whole id, which has the name in it. */
function modelOf(id: string, manifest: ManifestFile | null): string {
	const of = manifest?.nodes[id]?.attached_node ?? manifest?.unit_tests?.[id]?.model ?? id;
	return manifest?.nodes[of]?.name ?? of;
}

/** Why an end without an error is not a pass: what should have run and did not. */
function leftOut({ runResults, manifest }: GateFiles): string | null {
	if (runResults === null || manifest === null) return "dbt ended well, and has told no results";
	const ran = new Map(runResults.results.map(({ unique_id, status }) => [unique_id, status]));
	const wanted = [...Object.keys(manifest.nodes), ...Object.keys(manifest.unit_tests ?? {})];
	const missing = wanted.filter((id) => {
		const status = ran.get(id);
		return status === undefined || status === "skipped";
	});
	return missing.length === 0
		? null
		: `dbt ended well, and did not run ${missing.slice(0, 3).join(", ")}`;
}

function firstLines(text: string): string {
	return text.split("\n").slice(0, 3).join(" ").replaceAll(/\s+/g, " ").slice(0, 300);
}

/** Of what it printed for people. */
function lastLines(text: string): string {
	const lines = text
		.trim()
		.split("\n")
		.filter((line) => !line.startsWith("GATE "));
	return lines.slice(-3).join(" ").slice(-300);
}
