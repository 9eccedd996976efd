import {
	type Check,
	confusionOf,
	detector,
	type Facts,
	type Judgement,
	type Metric,
	noneWrong,
} from "faultline";
import { merging } from "../../subjects/gate/merging.ts";
import type { Observed } from "./observe.ts";
import type { Count, Radius } from "./radius.ts";

type MeshFacts = Facts<unknown, Observed, null>;

/** The gate between those who propose and mains. */
export const gate = detector<MeshFacts>(({ observed }) => observed.trials);

/** What is merged, and what it costs. */
export const merged = merging<MeshFacts>(({ observed }) => observed);

/** What the gate has said of each proposal, held against what the seed has. */
function saidRight(what: string, countIn: (radius: Radius) => Count): Check<MeshFacts> {
	return {
		kind: "correctness",
		judge({ observed: { radii } }) {
			const wrong = radii.flatMap((radius) => countIn(radius).wrong);
			return noneWrong({
				over: radii.length,
				wrong,
				held: `of all ${radii.length} proposals of publishers ${what} are those that the seed has`,
				broken: `of ${radii.length} proposals of publishers ${wrong.length} are told other ${what}`,
			});
		},
	};
}

const datasetsRight: Check<MeshFacts> = {
	kind: "correctness",
	judge({ observed: { wrongDatasets, datasetsCount } }) {
		return noneWrong({
			over: datasetsCount,
			wrong: wrongDatasets,
			held: `publishers' mains make all ${datasetsCount} datasets with the columns and rows that the seed says`,
			broken: "publishers' mains make something else",
		});
	},
};

const consumersHold: Check<MeshFacts> = {
	kind: "correctness",
	judge({ observed: { broken, testsCount } }) {
		return noneWrong({
			over: testsCount,
			wrong: broken,
			held: `all ${testsCount} queries of consumers get what they rely on from what is on main`,
			broken: `of ${testsCount} queries of consumers some do not get what they rely on`,
		});
	},
};

/** How many consumers there are of each proposal, put together. */
function radiusMetric(
	countIn: (radius: Radius) => Count,
	together: (counts: readonly number[]) => number,
): Metric<MeshFacts> {
	return {
		unit: "count",
		direction: "lower",
		portability: "exact",
		measure: ({ observed: { radii } }) =>
			radii.length === 0 ? null : together(radii.map((radius) => countIn(radius).consumers)),
	};
}

const most = (counts: readonly number[]) => Math.max(...counts);
const mean = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0) / counts.length;

/** Whether it is exactly those that a change breaks who are named. */
export const exactness: Judgement<MeshFacts> = {
	checks: {
		"only-the-broken-named": saidRight("the queries that they break", ({ broken }) => broken),
		"blast-radius-right": saidRight("the queries that they reach", ({ reached }) => reached),
		"datasets-right": datasetsRight,
		"consumers-hold": consumersHold,
	},
	metrics: {
		detection_pct: {
			unit: "pct",
			direction: "higher",
			portability: "exact",
			measure: ({ observed }) => {
				const { caught, missed } = confusionOf(observed.trials);
				const all = caught.length + missed.length;
				return all === 0 ? null : (100 * caught.length) / all;
			},
		},
		blast_radius_mean_count: radiusMetric(({ reached }) => reached, mean),
		blast_radius_max_count: radiusMetric(({ reached }) => reached, most),
		consumers_broken_mean_count: radiusMetric(({ broken }) => broken, mean),
	},
	charts: {
		"blast-radius": {
			title: "How many queries a publisher's proposal reaches, and how many it breaks",
			x: { label: "change, number" },
			y: { label: "queries of consumers" },
			series: ({ observed: { radii } }) => [
				{
					label: "reached, by lineage",
					points: radii.map(({ n, reached }): [number, number] => [n, reached.queries]),
				},
				{
					label: "broken, by their tests",
					points: radii.map(({ n, broken }): [number, number] => [n, broken.queries]),
				},
			],
		},
	},
};
