import "../../base/resolve-hook.ts";
import { pathToFileURL } from "node:url";
import { messageOf } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json.ts";
import { schemaProblems } from "../../scenarios/contract/params.ts";
import { serviceIds } from "../../scenarios/contract/plan.ts";
import { type AnyScenario, defaultLimits } from "../../scenarios/contract/scenario.ts";
import type { Suite } from "../../scenarios/contract/suite.ts";
import { tolerances } from "../../scenarios/contract/tolerance.ts";
import { describeSuite } from "./describe-suite.ts";
import { type Described, type DescribedSuite, type DescribeMessage, started } from "./protocol.ts";
import { hashOf, SourceFinder } from "./sources.ts";

// Imports scenario and suite files, one after another, and says what each is. The parent ends this process when a file
// takes too long to import, so a file that loops holds up nobody but itself.

/** A name is part of run ids, with them of paths in the API, and of the names of files, where each byte may be three. */
const nameBytesMax = 64;

const finder = new SourceFinder();
say(started);
for (const file of process.argv.slice(2)) {
	const sources = finder.sourcesOf(file);
	// Before the import, which may be the end of this process.
	say({ kind: "seen", seen: sources.seen });
	say(await describe(file, hashOf(sources)));
}
// What a file has left running would hold this process up, and with it the list.
process.once("disconnect", () => process.exit(0));
process.disconnect?.();

function say(message: DescribeMessage): void {
	process.send?.(message);
}

async function describe(file: string, hash: string): Promise<Described | DescribedSuite> {
	const [, name, kind] = /([^/]+)\.(scenario|suite)\.[tj]s$/.exec(file)!;
	try {
		refuseLong(name!);
		const { default: defined } = (await import(pathToFileURL(file).href)) as { default?: unknown };
		if (kind === "suite") {
			const said = describeSuite(name!, defined as Suite);
			return { kind, description: { name: name!, file, hash, ...said } };
		}
		const scenario = defined as AnyScenario | undefined;
		if (typeof scenario !== "object" || scenario === null || typeof scenario.plan !== "function") {
			throw new Error("the file has no `export default scenario({ … })`");
		}
		const params = JSON.parse(JSON.stringify(scenario.params ?? {})) as JsonObject;
		const problems = schemaProblems(params);
		for (const need of scenario.needs) {
			if (!serviceIds.includes(need)) problems.push(`needs an unknown service "${need}"`);
		}
		for (const name of scenario.tolerates ?? []) {
			if (!tolerances.includes(name))
				problems.push(`tolerates "${name}"; what can be is ${tolerances.join(", ")}`);
		}
		if (problems.length > 0) throw new Error(problems.join("; "));
		return {
			kind: "scenario",
			description: {
				name: name!,
				file,
				hash,
				title: scenario.title,
				question: scenario.question,
				params,
				sizes: (scenario.sizes ?? {}) as JsonObject,
				guarded: scenario.guarded === true,
				tolerates: [...(scenario.tolerates ?? [])],
				needs: [...scenario.needs],
				limits: { ...defaultLimits, ...scenario.limits },
				atScale: scenario.atScale,
				checks: Object.keys(scenario.checks),
			},
		};
	} catch (error) {
		return { kind: "broken", name: name!, file, error: messageOf(error) };
	}
}

function refuseLong(name: string): void {
	const bytes = Buffer.byteLength(name);
	if (bytes > nameBytesMax)
		throw new Error(`its name is ${bytes} bytes long, at most ${nameBytesMax} can be: rename it`);
}
