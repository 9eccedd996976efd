import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

// A clone's `exports` lead to its sources, so that `import … from "faultline"` in it reaches them from everywhere, also in
// what runs without the daemon. The packed ones lead to what was compiled of them.

const manifest = "package.json";
const saved = "package.json.source";

/** Leads the package's names to what is in dist/, until `restoreManifest`. */
export function leadToCompiled(): void {
	restoreManifest();
	const text = readFileSync(manifest, "utf8");
	const { exports } = JSON.parse(text) as { exports: Record<string, string> };
	const compiled = Object.entries(exports).map(([name, source]) => {
		const file = source.replace("./", "./dist/").replace(/\.ts$/, "");
		return [name, { types: `${file}.d.ts`, default: `${file}.js` }];
	});
	writeFileSync(saved, text);
	const packed = { ...JSON.parse(text), exports: Object.fromEntries(compiled) };
	writeFileSync(manifest, `${JSON.stringify(packed, null, 2)}\n`);
}

/** The manifest as it is in the sources; right also where it is that already. */
export function restoreManifest(): void {
	if (existsSync(saved)) renameSync(saved, manifest);
}
