import { registerHooks } from "node:module";
import { ownTests, urlOf } from "./own-test.ts";

// Several test files in one process, one after the other: `node tap-tests/together.ts FILE…`. Node, tap and the sources
// that they share start once for all of them, which takes longer than most files do. Each has a root test of its own,
// with its own hooks and folders, as if it ran alone.

// Before tap is there, which would put the whole command line into the names of its folders.
const files = process.argv.splice(2);
const { default: t } = await import("tap");
const ownTest = urlOf("tap-tests/own-test.ts");
const urls = new Set(files.map(urlOf));
registerHooks({
	resolve(specifier, context, next) {
		const { parentURL } = context;
		return specifier === "tap" && parentURL !== undefined && urls.has(parentURL)
			? { url: `own-test:${parentURL}`, format: "module", shortCircuit: true }
			: next(specifier, context);
	},
	load(url, context, next) {
		if (!url.startsWith("own-test:")) return next(url, context);
		const file = JSON.stringify(url.slice("own-test:".length));
		const source = `import { ownTests } from ${JSON.stringify(ownTest)};
			export default ownTests.get(${file});`;
		return { format: "module", source, shortCircuit: true };
	},
});

for (const file of files) {
	t.test(file, async (t) => {
		ownTests.set(urlOf(file), t);
		await import(urlOf(file));
	});
}
