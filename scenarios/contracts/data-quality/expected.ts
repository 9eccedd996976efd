import {
	anomaliesText,
	batchesOf,
	cellOf,
	deliveryAfter,
	madeAs,
	type Workload,
} from "./anomalies/batches.ts";
import { drifted } from "./anomalies/outside.ts";
import { brokenRules, chanceRule } from "./oracle/rules.ts";
import type { Expected, ExpectedBatch } from "./record.ts";
import { digestOf } from "./sales/columns.ts";
import { chanceToReject } from "./suite/statistics.ts";

/** What the seed says of every batch of a run: no SQL, no validator. */
export function truthOfRun(workload: Workload): Expected {
	return {
		batches: batchesOf(workload).map((planned): ExpectedBatch => {
			const delivery = deliveryAfter(workload, planned);
			const broken = brokenRules(delivery);
			const made = madeAs(workload, planned);
			const { kind, size, unit } = cellOf(planned);
			const isHarmless = made.kind === "harmless";
			const isDrifted = kind === drifted;
			return {
				batch: planned.batch,
				kind,
				size,
				unit,
				text: anomaliesText(planned.anomalies),
				// As always, and rejected by the one rule that is broken by chance: neither harmless to that rule, nor wrong.
				truth: isHarmless && broken.includes(chanceRule) ? { kind: "outside" } : made,
				broken,
				chance:
					isHarmless || isDrifted
						? chanceToReject(isDrifted ? size : 0, delivery.rows.length)
						: null,
				rowCount: delivery.rows.length,
				digest: digestOf(delivery.rows),
			};
		}),
	};
}
