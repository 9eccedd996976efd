import { becomeLean, startQuickly } from "../lean.ts";

const argv = process.argv.slice(2);
if (argv[0] === "start") await becomeLean();
if (argv[0] === "load") startQuickly();
const { reportAndExit, runCli } = await import("./cli.ts");
runCli(argv).catch(reportAndExit);
