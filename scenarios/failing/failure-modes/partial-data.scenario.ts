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
	twinFails: ["nothing-partial"],
	faults: ({ faultMs, rowsPerBatch }) => [
		{
			kind: "data-limit",
			on: "source",
			params: { limitBytes: rowBytes * rowsPerBatch },
			fromMs: 0,
			toMs: faultMs,
		},
	],
	atScale: {
		growth:
			"`faultline run partial-data -p ratePerSec=10` (then 20, 40; default size, seed 1): 1.029, 1.012 and 1.006 tries per step; 13 to 15 % of all batches were refused whatever the rate: those that were due more than `patienceMs` before the source was whole again.",
		breaksFirst:
			"The people: a refused batch is one for a person, and their number grows with the rate and with the length of the fault beyond the patience.",
		replacement:
			"Refused batches kept in a table with the manifest that they broke and asked for again by a slower loop; manifests per file or per thousand rows, so that only the part that is short is asked for again.",
	},
});
