import { becomeLean } from "../lean.ts";

const argv = process.argv.slice(2);
if (argv[0] === "start") await becomeLean();
const { reportAndExit, runCli } = await import("./cli.ts");
runCli(argv).catch(reportAndExit);
