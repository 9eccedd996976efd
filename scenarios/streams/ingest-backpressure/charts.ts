import type { Chart, Series } from "faultline";
import { type CaseFacts, goodputPct, offeredTimes } from "./findings.ts";
import { serviceOf } from "./params.ts";

/** Goodput against what is offered, guarded and naive: the picture that the experiment is for. */
export const goodputCurve: Chart<readonly CaseFacts[]> = {
	title: "Goodput under a burst",
	x: { label: "offered, times the store's capacity" },
	y: { label: "answered in time, % of the store's capacity" },
	series(cases) {
		const lines = Map.groupBy(cases, ({ params }) => serviceOf(params));
		return [...lines].map(([label, ofService]): Series => {
			const points = ofService
				.map((facts) => [offeredTimes(facts), goodputPct(facts)] as const)
				.sort(([a], [b]) => a - b);
			return { label, points: [[0, 0], ...points] };
		});
	},
};

/** How long the queue was, and how many events could be under way. */
export const queueOverTime: Chart<CaseFacts> = {
	title: "Queue and limit",
	x: { label: "ms of the load" },
	y: { label: "requests" },
	series({ observed: { timeline } }) {
		const line = (label: string, place: 1 | 2 | 3): Series => ({
			label,
			points: timeline.map((moment) => [moment[0], moment[place]] as const),
		});
		return [line("waiting", 1), line("under way", 2), line("limit", 3)];
	},
};
