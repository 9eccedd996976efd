import { reportAndExit, runCli } from "./cli.ts";

runCli(process.argv.slice(2)).catch(reportAndExit);
