import { simulate } from "./cells.ts";

// `node main.ts REPLICATES`: the cells as JSON, for `npm run bench -- judgement`.
console.log(JSON.stringify(simulate(Number(process.argv[2] ?? 2_000))));
