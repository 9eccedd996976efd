import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { partitionOfKey } from "faultline";
import { decode, decodeNaively } from "./purchase.ts";
import { WindowJob } from "./window-job.ts";

// The job without Kafka: purchases come as lines on standard input, results go out as lines. Each of as many partitions as
// it is told has a job of its own, as in the consumer; the end of the input is the end of every window.
//
//   node generate.ts --seed 7 --count 20000 | node count.ts
//   node generate.ts --seed 7 --count 20000 | node count.ts --naive

process.stdout.on("error", () => process.exit()); // who reads on no further, as `head`
const { values } = parseArgs({
	options: {
		partitions: { type: "string", default: "4" },
		naive: { type: "boolean", default: false },
	},
});
const partitions = Number(values.partitions);
const givenEvery = 1_000;
const read = values.naive ? decodeNaively : decode;
const jobs = Array.from(
	{ length: partitions },
	() => new WindowJob({ delayMsMax: 120_000, horizonMs: 7_200_000, skewMs: 20_000, read }),
);

function give(job: WindowJob): void {
	for (const { value } of job.take().results) process.stdout.write(`${value}\n`);
}

let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
	const value = Buffer.from(line);
	jobs[partitionOfKey(Buffer.from(decode(value).user), partitions)]!.process(value);
	if (++count % givenEvery === 0) jobs.forEach(give);
}
for (const job of jobs) {
	job.waitWith([Number.MAX_SAFE_INTEGER]);
	give(job);
}
