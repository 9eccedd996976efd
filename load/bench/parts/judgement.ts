import { fileURLToPath } from "node:url";
import { type Row, run } from "../contest.ts";
import type { Part } from "../rig.ts";

interface Cell {
	group: string;
	what: string;
	unit: string;
	method: number;
	here: number;
}

const program = fileURLToPath(
	new URL("../../../daemon/compare/simulation/main.ts", import.meta.url),
);
const withinPoints = 0.8;

/**
 * The error rates of comparison, by 2,000 seeded replicates a cell: does the implementation have those of the method?
 * By chance alone two simulations of 2,000 differ by up to 3 points where a rate is near 50 %, and by up to 0.9 where it
 * is near 2.5 %.
 */
export default {
	async run({ quick }) {
		const replicates = quick ? 300 : 2_000;
		const { output } = await run([process.execPath, "--no-warnings", program, `${replicates}`]);
		const cells = JSON.parse(output.trim().split("\n").at(-1) ?? "") as Cell[];
		const offOf = ({ method, here }: Cell) => Math.abs(method - here);
		for (const cell of cells) {
			const mark = offOf(cell) <= withinPoints ? " " : "*";
			const numbers = `${cell.here.toFixed(1)} ${cell.unit}, method ${cell.method} ${cell.unit}`;
			process.stderr.write(`${mark} ${cell.group}; ${cell.what}: ${numbers}\n`);
		}
		return [...new Set(cells.map(({ group }) => group))].flatMap((group): Row[] => {
			const own = cells.filter((cell) => cell.group === group);
			const within = own.filter((cell) => offOf(cell) <= withinPoints).length;
			const [worst] = own.toSorted((a, b) => offOf(b) - offOf(a));
			return [
				{
					what: `error rates, ${group}: cells within ${withinPoints} points of the method's`,
					unit: "",
					ours: "faultline",
					peer: "cells",
					goal: 1,
					oursMedian: within,
					peerMedian: own.length,
					ratio: within / own.length,
				},
				{
					what: `error rates, ${group}: furthest off, ${worst!.what}`,
					unit: ` ${worst!.unit}`,
					ours: "faultline",
					peer: "method",
					goal: 1,
					oursMedian: worst!.here,
					peerMedian: worst!.method,
					ratio: worst!.method === 0 ? null : worst!.here / worst!.method,
				},
			];
		});
	},
} satisfies Part;
