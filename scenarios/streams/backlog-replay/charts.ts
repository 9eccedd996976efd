import type { Chart, Series } from "faultline";
import type { ReplayFacts } from "./findings.ts";
import type { Slice } from "./timeline.ts";

const pointsMax = 500;

function lineOf(
	{ timeline }: ReplayFacts["observed"],
	label: string,
	heightOf: (slice: Slice) => number,
): Series {
	const every = Math.ceil(timeline.length / pointsMax);
	const points = timeline
		.filter((_, place) => place % every === 0)
		.map((slice) => [slice[0] / 1_000, heightOf(slice)] as const);
	return { label, points };
}

/** What goes to the sink over time, against what is safe. */
export const sinkLoad: Chart<ReplayFacts> = {
	title: "What goes to the sink",
	x: { label: "seconds of the run" },
	y: { label: "messages per second" },
	series({ observed }) {
		const perSec = (count: number) => (1_000 * count) / observed.sliceMs;
		return [
			lineOf(observed, "replay", ([, replayed]) => perSec(replayed)),
			lineOf(observed, "live", ([, , lived]) => perSec(lived)),
			lineOf(observed, "safe", () => observed.gate.safePerSec),
		];
	},
};

/** What the ramp goes by. */
export const sinkTime: Chart<ReplayFacts> = {
	title: "How long a batch took the sink",
	x: { label: "seconds of the run" },
	y: { label: "the longest, ms" },
	series: ({ observed }) => [lineOf(observed, "batch", ([, , , , , sinkMs]) => sinkMs)],
};
