import { fileURLToPath } from "node:url";

// `prepare`, which npm runs after `npm ci` and before it packs: a package of very many small files, which every process
// and every thread of a run loads, becomes one.

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Without developers' packages there is no bundler, and the package is loaded as it is. */
const bundler = await import("esbuild").catch(() => null);

await bundler?.build({
	stdin: {
		contents: `export * from "typebox"; export { default } from "typebox"; export { Errors, Pointer } from "typebox/schema";`,
		resolveDir: root,
	},
	absWorkingDir: root,
	outfile: "base/one-file/typebox.mjs",
	bundle: true,
	format: "esm",
	platform: "node",
	tsconfigRaw: "{}",
	legalComments: "none",
	banner: {
		js: "// TypeBox, MIT, https://github.com/sinclairzx81/typebox: its license lies in its package.",
	},
});
