import { withPorts } from "./ports.ts";
import { takeBatch } from "./take-batch.ts";
import { takenText } from "./taken-text.ts";

// Takes batches, one after another: `SOURCE_URL=… TARGET_URL=… VALIDATOR_URL=http://… node etl/take.ts 1 2`. Exit 0: all are
// loaded; 1: at least one is in quarantine, with what is wrong; 2: at least one has no verdict.

const exitCodes = { loaded: 0, rejected: 1, none: 2 } as const;

let worst = 0;
for (const batch of process.argv.slice(2).map(Number)) {
	const taken = await withPorts((ports) => takeBatch(batch, ports));
	worst = Math.max(worst, exitCodes[taken.kind]);
	console.log(takenText(batch, taken));
}
process.exitCode = worst;
