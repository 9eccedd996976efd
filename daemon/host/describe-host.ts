import "../../base/resolve-hook.ts";
import { pathToFileURL } from "node:url";
import { scanFolder } from "../../base/catalog.ts";
import { messageOf } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json.ts";
import { serviceIds } from "../../base/services.ts";
import { judgementProblems } from "../../scenarios/contract/judgement-problems.ts";
import {
	type Need,
	type NeedWant,
	servicesIn,
	toolsIn,
	wantsIn,
} from "../../scenarios/contract/needs.ts";
import { schemaProblems } from "../../scenarios/contract/params.ts";
import type { Scenario } from "../../scenarios/contract/scenario.ts";
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
		const scenario = defined as Scenario | undefined;
		if (typeof scenario !== "object" || scenario === null || typeof scenario.plan !== "function")
			throw new Error("the file has no `export default scenario({ … })`");
		// Made by hand, or for another version: what follows would be told of fields that nobody has heard of.
		if (scenario.hooks === undefined)
			throw new Error("its default export was not made by `scenario({ … })` of this Faultline");
		if (!Array.isArray(scenario.needs))
			throw new Error(
				"needs has to be a list of services and tools; an empty one where it needs none",
			);
		const params = JSON.parse(JSON.stringify(scenario.params)) as JsonObject;
		const needsFor = wantsIn(scenario.needsFor ?? {});
		const checks = Object.keys(scenario.judgement.checks ?? {});
		const problems = [
			...schemaProblems(params),
			...problemsOf(scenario, checks),
			...problemsOfNeeds(scenario.needs, needsFor, params),
			...[scenario.judgement, scenario.judgementOfAll].flatMap(judgementProblems),
		];
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
				sizes: scenario.sizes as JsonObject,
				guarded: scenario.twin !== null,
				twinFails: [...(scenario.twin?.fails ?? [])],
				tolerates: [...scenario.tolerates],
				needs: servicesIn(scenario.needs),
				tools: toolsIn(scenario.needs),
				needsFor,
				limits: scenario.limits,
				atScale: scenario.atScale,
				checks,
			},
		};
	} catch (error) {
		return { kind: "broken", name: name!, file, error: messageOf(error) };
	}
}

/** What a scenario file says that can't be; empty where all can. */
function problemsOf({ tolerates, twin, judgement }: Scenario, checks: string[]): string[] {
	const problems: string[] = [];
	for (const name of tolerates)
		if (!tolerances.includes(name))
			problems.push(`tolerates "${name}"; what can be is ${tolerances.join(", ")}`);
	if (twin !== null && twin.fails.length === 0)
		problems.push("twin.fails names no check: a twin that fails nothing shows nothing");
	for (const id of twin?.fails ?? []) {
		const kind = judgement.checks?.[id]?.kind;
		if (kind === undefined)
			problems.push(
				`its twin must fail "${id}", which is no check; there are ${checks.join(", ")}`,
			);
		else if (kind !== "correctness")
			problems.push(`its twin must fail "${id}", which is of time: name one that counts`);
	}
	return problems;
}

/** Services and tools that nobody knows, and values of parameters that can't be; empty where all can. */
function problemsOfNeeds(
	needs: readonly Need[],
	needsFor: NeedWant[],
	schema: JsonObject,
): string[] {
	const tools = [...scanFolder(new URL("../tools/kinds/", import.meta.url)).keys()];
	const params = (schema.properties ?? {}) as Record<string, { enum?: string[] }>;
	const unknown = (what: string, ids: readonly string[], known: readonly string[]) =>
		ids
			.filter((id) => !known.includes(id))
			.map((id) => `needs an unknown ${what} "${id}"; there are ${known.join(", ")}`);
	const services = [...servicesIn(needs), ...needsFor.flatMap((one) => one.services)];
	const problems = [
		...unknown("service", services, serviceIds),
		...unknown("tool", [...toolsIn(needs), ...needsFor.flatMap((one) => one.tools)], tools),
	];
	for (const { param, value } of needsFor) {
		if (!Object.hasOwn(params, param))
			problems.push(
				`needsFor names "${param}", which is no parameter; there are ${Object.keys(params).join(", ")}`,
			);
		else if (params[param]!.enum?.includes(value) === false)
			problems.push(
				`needsFor names "${value}", which ${param} can't be; it is ${params[param]!.enum.join(", ")}`,
			);
	}
	return problems;
}

function refuseLong(name: string): void {
	const bytes = Buffer.byteLength(name);
	if (bytes > nameBytesMax)
		throw new Error(`its name is ${bytes} bytes long, at most ${nameBytesMax} can be: rename it`);
}
