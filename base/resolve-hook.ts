import { registerHooks } from "node:module";
import { entryUrl } from "./entry.ts";

// A scenario file may lie anywhere on the disk; `import … from "faultline"` in it must reach the very copy that runs
// it, or it would carry a second, possibly different, contract into the process.
const contract = entryUrl("../scenarios/index.ts", import.meta.url).href;

registerHooks({
	resolve(specifier, context, next) {
		if (specifier === "faultline") return { url: contract, shortCircuit: true };
		return next(specifier, context);
	},
});
