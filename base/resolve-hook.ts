import { registerHooks } from "node:module";
import { entryUrl } from "./entry.ts";
import { typeboxInOneFile } from "./one-file.ts";

// A scenario file may lie anywhere on the disk; `import … from "faultline"` in it, or "faultline/subject" in a
// subject's, must reach the very copy that runs it, or it would carry a second, possibly different, contract into
// the process.
const own = new Map([
	["faultline", entryUrl("../scenarios/index.ts", import.meta.url).href],
	["faultline/subject", entryUrl("../chaos/subject/index.ts", import.meta.url).href],
]);
if (typeboxInOneFile !== null) own.set("typebox", typeboxInOneFile);

registerHooks({
	resolve(specifier, context, next) {
		const url = own.get(specifier);
		return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
	},
});
