import "../../base/resolve-hook.ts";
import { isMainThread } from "node:worker_threads";
import { obeyBlocks } from "./block.ts";
import { controlsVariable } from "./controls.ts";

// Preloaded into every subject that Node runs: faults that act from within it act through this. It must cost a
// subject nothing that could be measured, and keep none alive.

const folder = process.env[controlsVariable];
if (isMainThread && folder !== undefined) obeyBlocks(folder);
