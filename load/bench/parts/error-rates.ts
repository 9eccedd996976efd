import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { run } from "../contest.ts";
import type { Part } from "../rig.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const serviceMs = 4;
const plantedShare = 1.25;

/**
 * How often a duet is wrong on this host: pairs of the same against the same, and pairs with a quarter more of the
 * subject's own work, so much of it that it takes milliseconds here. Half an hour; written to ERROR-RATES.md.
 */
const errorRates: Part = {
	onRequest: true,
	async run() {
		const base = Math.round(serviceMs * stepsPerMs());
		const program = at("../../../daemon/bench/measure-error-rates.ts");
		const scenario = at("../../../tap-tests/fixtures/scenarios/duet.scenario.ts");
		const command = [process.execPath, "--no-warnings", program, scenario];
		const { output } = await run([...command, `${base}`, `${Math.round(plantedShare * base)}`]);
		// What it says of its progress comes first.
		const report = output.slice(output.indexOf("Machine:"));
		const intro = `# How often a duet is wrong

Written by \`npm run bench -- error-rates\`. Each line of a verdict has its interval; the noise that the method's simulation assumes
is 5 % for the median and 12 % for the p99 of a run, of which 0.7 are common to both sides ([RESULTS.md](RESULTS.md), judgement).

`;
		writeFileSync(at("../ERROR-RATES.md"), `${intro}${report.trimEnd()}\n`);
		process.stderr.write(report);
		return [];
	},
};

/** Steps of the subject's work (duet-service.ts) that this host does in a millisecond. */
function stepsPerMs(): number {
	const steps = 2_000_000;
	let best = 0;
	let sum = 0;
	for (let round = 0; round < 20; round++) {
		const startMs = performance.now();
		for (let i = 0; i < steps; i++) sum = (sum * 31 + i) % 1_000_003;
		best = Math.max(best, steps / (performance.now() - startMs));
	}
	// Its use, without which there would be nothing to measure.
	return sum < 0 ? 0 : best;
}

export default errorRates;
