import { fullLooks, quickLooks } from "../looks.ts";
import { noiseOfP50, noiseOfP99 } from "./model.ts";
import { flaggedPct, type GateName, pipelineRates } from "./rates.ts";

/** A rate of the method's own simulation, and what this implementation has of it. */
export interface Cell {
	group: string;
	what: string;
	unit: "%" | "pairs";
	method: number;
	here: number;
}

/** Shift in per cent → share flagged in per cent, by number of pairs, for the moderated t on duet slices. */
const moderated: Record<"p50" | "p99", [pairs: number, ...flagged: number[]][]> = {
	p50: [
		[1, 2.5, 14, 46, 99],
		[3, 1.9, 40, 92, 100],
		[5, 2.1, 66, 99, 100],
		[10, 1.8, 89, 100, 100],
	],
	p99: [
		[1, 2.3, 5, 9, 35],
		[3, 2.0, 8, 21, 82],
		[5, 2.1, 12, 37, 95],
		[10, 2.1, 23, 66, 100],
	],
};
const shiftsPct = [0, 5, 10, 25];

interface Truth {
	gate: GateName | null;
	shiftPct: number;
	/** Of the gate that has changed; of an A/A of both quantiles. */
	told: { gate: GateName; regressed: number; same?: number; cannotTell?: number }[];
	anyFalsePct?: number;
	meanPairs?: number;
}

const full: Truth[] = [
	{
		gate: null,
		shiftPct: 0,
		anyFalsePct: 2.1,
		meanPairs: 18,
		told: [
			{ gate: "p50", regressed: 0.6, same: 93, cannotTell: 6 },
			{ gate: "p99", regressed: 0.7, same: 66, cannotTell: 33 },
		],
	},
	{
		gate: "p50",
		shiftPct: 5,
		anyFalsePct: 1.2,
		meanPairs: 13,
		told: [{ gate: "p50", regressed: 91, same: 1, cannotTell: 7 }],
	},
	{
		gate: "p50",
		shiftPct: 10,
		anyFalsePct: 1.0,
		meanPairs: 6,
		told: [{ gate: "p50", regressed: 100, same: 0, cannotTell: 0 }],
	},
	{ gate: "p99", shiftPct: 5, told: [{ gate: "p99", regressed: 16 }] },
	{
		gate: "p99",
		shiftPct: 10,
		anyFalsePct: 1.6,
		meanPairs: 17,
		told: [{ gate: "p99", regressed: 62, same: 2, cannotTell: 35 }],
	},
	{
		gate: "p99",
		shiftPct: 15,
		anyFalsePct: 1.2,
		meanPairs: 13,
		told: [{ gate: "p99", regressed: 90, same: 0, cannotTell: 10 }],
	},
	{
		gate: "p99",
		shiftPct: 25,
		anyFalsePct: 1.0,
		meanPairs: 8,
		told: [{ gate: "p99", regressed: 100, same: 0, cannotTell: 0 }],
	},
];

const quick: Truth[] = [
	{ gate: null, shiftPct: 0, told: [], anyFalsePct: 2.7 },
	{ gate: "p50", shiftPct: 10, told: [{ gate: "p50", regressed: 98 }] },
	{ gate: "p99", shiftPct: 10, told: [{ gate: "p99", regressed: 28 }] },
	{ gate: "p99", shiftPct: 25, told: [{ gate: "p99", regressed: 94 }] },
];

/** All cells, in the order of the method's tables. */
export function simulate(replicates: number): Cell[] {
	return [
		...moderatedCells("p50", replicates),
		...moderatedCells("p99", replicates),
		...full.flatMap((truth) => pipelineCells("looks 5, 10, 20", fullLooks, truth, replicates)),
		...quick.flatMap((truth) => pipelineCells("looks 3, 6, 10", quickLooks, truth, replicates)),
	];
}

function moderatedCells(metric: "p50" | "p99", replicates: number): Cell[] {
	const noise = metric === "p50" ? noiseOfP50 : noiseOfP99;
	return moderated[metric].flatMap(([pairs, ...flagged]) =>
		flagged.map((method, i): Cell => {
			const shiftLog = Math.log(1 + shiftsPct[i]! / 100);
			const here = flaggedPct(noise, { pairs, shiftLog, replicates });
			const what = `${pairs} pairs, ${metric} +${shiftsPct[i]}%: flagged`;
			return { group: `moderated t, ${metric}`, what, unit: "%", method, here };
		}),
	);
}

function pipelineCells(
	group: string,
	looks: typeof fullLooks,
	{ gate, shiftPct, told, anyFalsePct, meanPairs }: Truth,
	replicates: number,
): Cell[] {
	const worse = gate === null ? null : { gate, shiftLog: Math.log(1 + shiftPct / 100) };
	const rates = pipelineRates(looks, worse, replicates);
	const truth = gate === null ? "A/A" : `${gate} +${shiftPct}%`;
	const cell = (what: string, unit: Cell["unit"], method: number | undefined, here: number) =>
		method === undefined ? [] : [{ group, what: `${truth}: ${what}`, unit, method, here }];
	return [
		...told.flatMap(({ gate: name, regressed, same, cannotTell }) => [
			...cell(`${name} regressed`, "%", regressed, rates.verdicts[name].regressed),
			...cell(`${name} same`, "%", same, rates.verdicts[name].same),
			...cell(`${name} cannot tell`, "%", cannotTell, rates.verdicts[name].cannot_tell),
		]),
		...cell("any gate falsely regressed", "%", anyFalsePct, rates.anyFalsePct),
		...cell("mean pairs", "pairs", meanPairs, rates.meanPairs),
	];
}
