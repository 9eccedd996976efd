import { becomeLean } from "./lean.ts";

// `npm start`: this very process is the daemon, so that a signal sent to npm reaches it.
await becomeLean();
const { reportAndExit, runCli } = await import("./cli/cli.ts");
runCli(["start", ...process.argv.slice(2)]).catch(reportAndExit);
