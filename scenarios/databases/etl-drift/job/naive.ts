import { subjectSteps } from "faultline/subject";
import { naiveBatch } from "./naive-batch.ts";
import { readOrder, withConnections } from "./order.ts";

// The twin: as jobs are written first, by the names of the day they were written on. What is not there any more is null, and
// what is new nobody sees.

const { batch, sourceUrl, targetUrl, rules } = readOrder(process.argv.slice(2), process.env);
const result = await withConnections([sourceUrl, targetUrl], (source, target) =>
	naiveBatch(rules, source!, target!, subjectSteps().reach),
);
console.log(JSON.stringify({ batch, ...result }));
