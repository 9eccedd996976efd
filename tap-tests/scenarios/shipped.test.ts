import "../../base/resolve-hook.ts";
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import t from "tap";
import type { Scenario } from "../../scenarios/contract/scenario.ts";

const files = globSync("scenarios/**/*.scenario.ts").sort();
const readme = readFileSync("README.md", "utf8");

t.test("every experiment says how it grows, what breaks first and what replaces it", async (t) => {
	for (const file of files) {
		const { default: scenario } = (await import(pathToFileURL(file).href)) as { default: Scenario };
		const { growth = "", breaksFirst = "", replacement = "" } = scenario.atScale ?? {};
		for (const [part, text] of Object.entries({ growth, breaksFirst, replacement }))
			t.ok(text.length > 80, `${file}: ${part}`);
		t.match(growth, /\d/, `${file}: its growth is measured`);
	}
});

t.test("every experiment has a page of its own, which the README leads to", (t) => {
	for (const file of files) {
		const folder = dirname(file);
		const page = readFileSync(join(folder, "README.md"), "utf8");
		t.ok(readme.includes(`(${folder}/README.md)`), `${folder} is in the README's table`);
		const name = basename(file, ".scenario.ts");
		t.ok(page.includes(name), `${folder} speaks of ${name}`);
		for (const part of [
			/^## Planted defects$/m,
			/^## At scale$/m,
			/^## (Without the testbed|On a broker of your own)$/m,
		])
			t.match(page, part, `${folder}: ${part}`);
	}
	t.end();
});
