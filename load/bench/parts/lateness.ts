import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Stream, stream } from "../../../base/random.ts";
import { latenessMargin } from "../../lateness.ts";
import { judgeObjective, parseObjective } from "../../objective.ts";
import type { LoadSummary } from "../../summary.ts";
import type { Part } from "../rig.ts";
import {
	breaker,
	fifoPool,
	frozen,
	groupCommit,
	limiter,
	processorSharing,
	type Target,
} from "../simulated/targets.ts";
import { trial } from "../simulated/trial.ts";

// Is a verdict that is told beside a late generator what the same load by one in time would have said? Both are played
// in simulated time, by the real loop, recorder and summary, against targets of several kinds; lateness is planted.

const trialsPerCell = 250;
const lengthMs = 1_000;

/** A kind of target; `make` gives it, with nobody's operations in it, as often as it is asked. */
interface Kind {
	name: string;
	draw(random: Stream): {
		make: () => Target;
		ratePerSec: number;
		meanWorkMs: number;
		/** The clients' own, where they have one. */
		patienceMs: number | null;
	};
}

const between = (random: Stream, low: number, high: number) => low + random() * (high - low);
const whole = (random: Stream, low: number, high: number) =>
	Math.floor(between(random, low, high + 1));

/** Of a pool that is busy to a share of its time. */
function poolOf(random: Stream) {
	const servers = whole(random, 1, 8);
	const meanWorkMs = between(random, 1, 12);
	const ratePerSec = (between(random, 0.2, 0.9) * 1_000 * servers) / meanWorkMs;
	return { servers, meanWorkMs, ratePerSec: Math.min(ratePerSec, 1_500) };
}

const kinds: Kind[] = [
	{
		name: "pool, in order",
		draw(random) {
			const { servers, ...load } = poolOf(random);
			return { ...load, make: () => fifoPool(servers), patienceMs: null };
		},
	},
	{
		name: "processor sharing",
		draw(random) {
			const { servers, ...load } = poolOf(random);
			return { ...load, make: () => processorSharing(servers), patienceMs: null };
		},
	},
	{
		name: "group commit",
		draw(random) {
			const commitMs = between(random, 2, 15);
			const load = { ratePerSec: between(random, 50, 1_000), meanWorkMs: between(random, 0.2, 3) };
			return { ...load, make: () => groupCommit(commitMs), patienceMs: null };
		},
	},
	{
		name: "limiter",
		draw(random) {
			const ratePerSec = between(random, 50, 800);
			const perMs = (ratePerSec / 1_000) * between(random, 0.95, 1.5);
			const burst = whole(random, 2, 40);
			const load = { ratePerSec, meanWorkMs: between(random, 1, 10) };
			return { ...load, make: () => limiter(perMs, burst), patienceMs: null };
		},
	},
	{
		name: "breaker and time-outs",
		draw(random) {
			const { servers, ...load } = poolOf(random);
			const patienceMs = load.meanWorkMs * between(random, 4, 40);
			return { ...load, make: () => breaker(servers, patienceMs), patienceMs };
		},
	},
];

interface Plant {
	name: string;
	/** Stalls of the generator's loop, and where the target stands still, if it does. */
	draw(random: Stream): {
		stalls: { afterMs: number; ms: number }[];
		freeze: { fromMs: number; toMs: number } | null;
	};
}

const plants: Plant[] = [
	{
		name: "one stall",
		draw: (random) => ({
			stalls: [{ afterMs: between(random, 50, 900), ms: between(random, 3, 60) }],
			freeze: null,
		}),
	},
	{
		name: "bursts",
		draw: (random) => ({
			stalls: Array.from({ length: 12 }, () => ({
				afterMs: between(random, 10, 100),
				ms: between(random, 3, 25),
			})),
			freeze: null,
		}),
	},
	{
		name: "whole intervals",
		draw: (random) => ({
			stalls: [{ afterMs: between(random, 50, 500), ms: between(random, 200, 450) }],
			freeze: null,
		}),
	},
	{
		name: "at a fault's edge",
		draw(random) {
			const fromMs = between(random, 300, 500);
			const toMs = fromMs + between(random, 50, 250);
			const ms = between(random, 3, 60);
			const edgeMs = random() < 0.5 ? fromMs : toMs;
			const stalls = [{ afterMs: edgeMs - ms * random(), ms }];
			return { stalls, freeze: { fromMs, toMs } };
		},
	},
];

interface Cell {
	told: number;
	open: number;
	contradicted: number;
}

/** What is asked of both: a latency or an error share, with a limit near to what it was in time. */
function objectivesOf(clean: LoadSummary, random: Stream): string[] {
	const times = (["p50", "p90", "p99", "max"] as const).flatMap((name) => {
		const us = clean.ok_within_us[name];
		const limitMs = ((us ?? 0) / 1_000) * 2 ** between(random, -1, 1);
		return us === null || limitMs < 0.01 ? [] : [`${name}<${limitMs.toFixed(3)}ms`];
	});
	const badPct = (100 * (clean.due_count - clean.ok_count)) / clean.due_count;
	return [...times, `errors<${(badPct * 2 ** between(random, -1, 1) + 0.05).toFixed(3)}%`];
}

async function play(kind: Kind, plant: Plant, random: Stream, cell: Cell): Promise<void> {
	const { make, ratePerSec, meanWorkMs, patienceMs } = kind.draw(random);
	const { stalls, freeze } = plant.draw(random);
	const works = Array.from({ length: 64 }, () => -meanWorkMs * Math.log(1 - random()));
	const load = {
		ratePerSec,
		lengthMs,
		slots: whole(random, 8, 400),
		workMs: (n: number) => works[n % works.length]!,
	};
	const target = () => (freeze === null ? make() : frozen(make(), freeze.fromMs, freeze.toMs));
	const { summary: clean } = await trial({ ...load, target: target(), stalls: [] });
	const { summary: late } = await trial({ ...load, target: target(), stalls });
	const { added_us, hidden_us } = late.lateness!;
	const beyond = patienceMs !== null && Math.max(added_us, hidden_us) > 100 * patienceMs;
	for (const text of objectivesOf(clean, random)) {
		const objective = parseObjective(text);
		const { met } = judgeObjective(objective, late);
		if (met === null || beyond) cell.open++;
		else {
			cell.told++;
			if (met !== judgeObjective(objective, clean).met) cell.contradicted++;
		}
	}
}

export default {
	onRequest: true,
	async run({ quick }) {
		const rows: string[] = [];
		for (const kind of kinds) {
			const all: Cell = { told: 0, open: 0, contradicted: 0 };
			for (const plant of plants) {
				const cell: Cell = { told: 0, open: 0, contradicted: 0 };
				const random = stream(1, `${kind.name}/${plant.name}`);
				for (let n = 0; n < (quick ? trialsPerCell / 10 : trialsPerCell); n++)
					await play(kind, plant, random, cell);
				for (const count of ["told", "open", "contradicted"] as const) all[count] += cell[count];
				rows.push(rowOf("", plant.name, cell));
			}
			rows.splice(-plants.length, 0, rowOf(kind.name, "**all**", all));
			process.stderr.write(`${rowOf(kind.name, "all", all)}\n`);
		}
		const table = [
			"| target | planted | told | left open | told, and contradicted |",
			"|---|---|---|---|---|",
			...rows,
			"",
		].join("\n");
		if (!quick) write(table);
		process.stderr.write(table);
		return [];
	},
} satisfies Part;

function rowOf(target: string, plant: string, { told, open, contradicted }: Cell): string {
	const pct = told === 0 ? "–" : `${((100 * contradicted) / told).toFixed(2)} %`;
	return `| ${target} | ${plant} | ${told} | ${open} | ${contradicted}: ${pct} |`;
}

function write(table: string): void {
	const file = fileURLToPath(new URL("../LATENESS.md", import.meta.url));
	const intro = `# What is told beside a late generator

Written by \`npm run bench -- lateness\`: in simulated time, by the real loop, recorder and summary. Each trial plays a load twice against a target of random size, work and rate, once with a generator in time and once with one whose loop stands still (one stall of 3 to 60 ms, twelve of 3 to 25 ms, one of 200 to 450 ms, one across the begin or end of a stretch in which the target stands still). Both are asked whether p50, p90, p99, the greatest time and the share of errors are below limits within a factor of two of what the generator in time saw. Contradicted is what is told beside the late one and is not so for the one in time; the margin is ${latenessMargin}.

`;
	writeFileSync(file, intro + table);
}
