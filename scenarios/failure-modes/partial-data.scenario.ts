import { failureMode } from "./mode.ts";

/** About as many bytes as a row takes on the wire. */
const rowBytes = 45;

export default failureMode({
	title: "Partial data: the source delivers truncated batches",
	question:
		"Is a short batch noticed before it is published, and told where it does not mend itself?",
	// Shorter than the fault: what was due at its begin has to be refused, what was due at its end can wait.
	defaults: { patienceMs: 1_500 },
	sizes: { small: { patienceMs: 300 }, large: { patienceMs: 4_000 } },
	faults: ({ faultMs, rowsPerBatch }) => [
		{
			kind: "data-limit",
			on: "source",
			params: { limitBytes: rowBytes * rowsPerBatch },
			fromMs: 0,
			toMs: faultMs,
		},
	],
	atScale: { growth: "-", breaksFirst: "-", replacement: "-" },
});
