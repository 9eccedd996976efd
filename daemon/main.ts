import { reportAndExit, runCli } from "./cli/cli.ts";

// `npm start`: this very process is the daemon, so that a signal sent to npm reaches it.
runCli(["start", ...process.argv.slice(2)]).catch(reportAndExit);
