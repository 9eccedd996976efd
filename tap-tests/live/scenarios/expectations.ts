import type { Test } from "tap";
import type { RunDocument } from "../../../daemon/record/document.ts";

/** What a scenario's small run must show beside its verdict, with its guards and without. */
export interface Expectation {
	on?(t: Test, document: RunDocument): void;
	off?(t: Test, document: RunDocument): void;
}

const metric = ({ metrics }: RunDocument, name: string, id: string | null = null) =>
	metrics.find((metric) => metric.name === name && metric.case === id)?.value ?? Number.NaN;
const check = ({ checks }: RunDocument, id: string) => checks.find((check) => check.id === id);

export const expectations: Record<string, Expectation> = {
	"retry-storm": {
		on(t, document) {
			t.ok(metric(document, "retry_amplification") <= 1.5);
			t.match(document.alerts, [
				{ rule: "orders-not-accepted", origin: "plan", score: { precision: 1, recall: 1 } },
			]);
		},
		off(t, document) {
			t.equal(check(document, "exactly-once")?.ok, false, "orders given up were written");
			t.ok(metric(document, "rows_duplicated_count") > 0);
			t.ok(metric(document, "retry_amplification") > 3);
			t.ok(check(document, "attempts-agree")?.ok, "both counted the same tries");
		},
	},
	"downstream-outage": {
		off: (t, document) =>
			t.ok(metric(document, "retry_amplification") > 1.5, "each batch is begun again and again"),
	},
	"partial-data": {
		on(t, document) {
			const refused = metric(document, "batches_refused_pct");
			t.ok(refused > 0 && refused < 50, "some batches can't wait for the source, others can");
			const told = document.alerts.find(({ rule }) => rule === "batches-refused");
			t.equal(told?.score?.recall, 1, "and a person is told");
		},
		off: (t, document) => t.equal(check(document, "nothing-partial")?.ok, false),
	},
	"kafka-partitioning": {
		on(t, document) {
			t.equal(document.checks.length, 4 * 4 + 1, "four checks a case, and one over all");
			t.ok(metric(document, "left_pct", "zipf-1k") > 5, "the hot key's partition falls behind");
			for (const id of ["sticky-1k", "key-hash-1k", "salted-1k"])
				t.equal(metric(document, "left_pct", id), 0, `${id}: nothing is left`);
			t.match(check(document, "recommendation-follows")?.message, /zipf keys at 1000\/s: salted/);
		},
	},
	"tenant-isolation": {
		on(t, document) {
			t.equal(metric(document, "enforcement_pct"), 100);
			t.equal(metric(document, "audit_coverage_pct"), 100);
			t.ok(metric(document, "attack_form_count") > 300);
		},
		off: (t, document) => t.ok(metric(document, "leaked_row_count") > 10),
	},
	"etl-drift": {
		on(t, document) {
			t.equal(metric(document, "wrong_mapping_count"), 0);
			t.ok(metric(document, "ambiguous_stopped_count") > 0, "something was asked");
			t.ok(metric(document, "runs_interrupted_count") >= 4, "it was killed between all its steps");
			t.ok(document.faults.every(({ state }) => state === "healed"));
		},
		off(t, document) {
			t.match(check(document, "values-right")?.message, /these hold something else: /);
			t.ok(metric(document, "wrong_mapping_count") > 0);
		},
	},
	"cdc-lakehouse": {
		on(t, document) {
			t.equal(metric(document, "consistency_pct"), 100);
			t.equal(metric(document, "rows_resurrected_count"), 0);
			t.ok(metric(document, "restore_ms") > 0, "somebody went on where one was killed");
			t.ok(document.faults.every(({ state }) => state === "healed"));
		},
		off: (t, document) => t.ok(metric(document, "consistency_pct") < 100),
	},
	"ingest-backpressure": {
		on(t, document) {
			t.ok(metric(document, "rejected_pct") > 30, "most of the burst is refused");
			t.ok(metric(document, "critical_ok_pct") > 60, "most that is critical is served");
			t.ok(metric(document, "refusal_cost_pct") < 2);
			t.ok(document.faults.every(({ state }) => state === "healed"));
		},
		off(t, document) {
			t.match(check(document, "queue-bounded")?.message, /at most \d{2,} requests waited/);
			t.ok(check(document, "stored-once")?.ok, "what it has accepted is there all the same");
		},
	},
	"backlog-replay": {
		on(t, document) {
			t.ok(metric(document, "peak_sink_load_pct") <= 102);
			t.ok(metric(document, "catch_up_s") > 0);
			t.equal(metric(document, "sink_errors_count"), 0, "the sink turned nobody away");
			t.ok(document.alerts.every(({ firedMs }) => firedMs.length === 0));
		},
		off(t, document) {
			t.ok(check(document, "backlog-once")?.ok, "all of it is there once, all the same");
			t.ok(metric(document, "sink_errors_count") > 0);
		},
	},
	"exactly-once": {
		on(t, document) {
			t.equal(metric(document, "duplicate_count"), 0);
			t.ok(document.faults.every(({ state }) => state === "healed"));
		},
		off: (t, document) => t.ok(metric(document, "duplicate_count") > 0),
	},
	"sliding-windows": {
		on(t, document) {
			t.equal(metric(document, "accuracy_pct"), 100);
			t.ok(document.faults.every(({ state }) => state === "healed"));
			t.ok(metric(document, "restore_ms") > 0, "somebody took over from the one that was killed");
		},
		off: (t, document) => {
			const accuracy = metric(document, "accuracy_pct");
			t.ok(accuracy > 5 && accuracy < 60, `${accuracy} % of the windows are right by chance`);
		},
	},
	"late-features": {
		on(t, document) {
			t.ok(metric(document, "too_late_count") > 0, "something came too late, and was told");
			t.ok(metric(document, "late_absorbed_pct") > 80, "most that was late was taken all the same");
			t.ok(metric(document, "restore_ms") > 0, "somebody took over from the one that was killed");
			t.ok(document.faults.every(({ state }) => state === "healed"));
		},
		off: (t, document) => t.equal(metric(document, "late_absorbed_pct"), 0),
	},
	"schema-evolution": {
		on(t, document) {
			t.ok(metric(document, "breaking_changes_detected_count") > 20);
			t.equal(metric(document, "corrupted_count"), 0);
			t.ok(metric(document, "parquet_readings_count") > 100, "the archive was read");
			t.equal(metric(document, "parquet_corrupted_count"), 0);
			t.ok(metric(document, "recovery_ms") > 0, "the registry was away, and came back");
			t.ok(document.faults.every(({ state }) => state === "healed"));
		},
		off: (t, document) => t.ok(metric(document, "unreadable_count") > 0),
	},
	"contract-gate": {
		on(t, document) {
			const prevented = metric(document, "violations_prevented_count");
			t.equal(prevented, metric(document, "violations_injected_count"));
			t.ok(prevented > 0);
			t.equal(metric(document, "false_block_count"), 0);
			t.ok(metric(document, "gate_interrupted_count") > 0, "faults hit the gate");
			t.ok(document.faults.every(({ state }) => state === "healed"));
		},
		off: (t, document) =>
			t.match(check(document, "violations-caught")?.message, /at its smallest: /),
	},
	"mesh-contracts": {
		on(t, document) {
			t.equal(metric(document, "detection_pct"), 100);
			t.equal(metric(document, "false_alarm_count"), 0);
			t.ok(metric(document, "blast_radius_max_count") > 0, "somebody is reached");
			t.ok(metric(document, "gate_interrupted_count") > 0, "faults hit the gate");
			t.ok(document.faults.every(({ state }) => state === "healed"));
		},
		off: (t, document) =>
			t.match(check(document, "violations-caught")?.message, /at its smallest: /),
	},
	"dbt-contracts": {
		on(t, document) {
			t.equal(
				metric(document, "violations_detected_count"),
				metric(document, "violations_injected_count"),
			);
			t.equal(metric(document, "false_alarm_count"), 0);
			t.ok(metric(document, "gate_interrupted_count") > 0, "faults hit the gate");
			t.ok(document.faults.every(({ state }) => state === "healed"));
		},
		off: (t, document) =>
			t.match(check(document, "violations-caught")?.message, /at its smallest: /),
	},
	"data-quality": {
		on(t, document) {
			t.equal(
				metric(document, "violations_detected_count"),
				metric(document, "violations_injected_count"),
			);
			t.equal(metric(document, "false_alarm_count"), 0);
			t.ok(metric(document, "batches_quarantined_count") > 0);
			t.ok(
				metric(document, "interrupted_count") >= 3,
				"faults hit somebody in the middle of a batch",
			);
			t.ok(document.faults.every(({ state }) => state === "healed"));
		},
		off: (t, document) =>
			t.match(check(document, "violations-caught")?.message, /at its smallest: /),
	},
	"window-queries": {
		on(t, document) {
			for (const id of ["1000-rows", "10000-rows"])
				t.equal(metric(document, "correct_pct", id), 100);
			t.ok(document.faults.every(({ state }) => state === "healed"));
			t.equal(document.faults.filter(({ kind }) => kind === "terminate-backends").length, 2);
			const growth = document.metrics.filter(({ name }) => name.endsWith("_growth_exponent"));
			t.equal(growth.length, 10);
			t.ok(growth.every(({ case: of, value }) => of === null && value !== null));
		},
	},
	"storage-tiers": {
		on(t, document) {
			t.ok(metric(document, "savings_pct") >= 30);
			t.ok(metric(document, "savings_pct") < metric(document, "optimum_savings_pct"));
			t.ok(metric(document, "moves_interrupted_count") > 0);
			t.equal(document.faults.filter(({ kind }) => kind === "kill").length, 2);
		},
		off: (t, document) => t.ok(metric(document, "objects_lost_count") > 0),
	},
};
