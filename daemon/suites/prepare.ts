import { dirname, resolve } from "node:path";
import { codeOf, FaultlineError, messageOf } from "../../base/errors.ts";
import { drawSeed, resolveParams } from "../../scenarios/contract/params.ts";
import type { Scalar } from "../../scenarios/contract/suite.ts";
import { isFile } from "../host/named.ts";
import type { ScenarioDescription, SuiteDescription } from "../host/protocol.ts";
import { type SuiteStepResult, titleOf } from "./document.ts";

type Found = { description: ScenarioDescription } | { error: { code: string; message: string } };

/** A step with its scenario, or why that can't be run. */
export type ReadyStep = Pick<SuiteStepResult, "scenario" | "params" | "expect"> & Found;

export interface ReadySuite {
	given: Record<string, Scalar>;
	seedDrawn: boolean;
	steps: ReadyStep[];
}

/**
 * Finds every step's scenario, and holds all parameters against it. What no scenario takes is refused at once
 * (`FLT_PARAM_INVALID`, naming the steps); a scenario that is not to be had is told in its step.
 */
export async function prepareSuite(
	suite: SuiteDescription,
	asked: Record<string, unknown>,
	describe: (scenario: string) => Promise<ScenarioDescription>,
): Promise<ReadySuite> {
	const seedDrawn = asked.seed === "random";
	// One for all, so that runs that stand side by side had the same.
	const given = { ...asked, ...(seedDrawn && { seed: drawSeed() }) } as Record<string, Scalar>;
	const found = new Map<string, Promise<Found>>();
	const find = async (scenario: string): Promise<Found> => {
		try {
			const where = isFile(scenario) ? resolve(dirname(suite.file), scenario) : scenario;
			return { description: await describe(where) };
		} catch (error) {
			return { error: { code: codeOf(error) ?? "FLT_INTERNAL", message: messageOf(error) } };
		}
	};
	const problems: string[] = [];
	const steps: ReadyStep[] = [];
	for (const [i, { scenario, params, expect }] of suite.steps.entries()) {
		if (!found.has(scenario)) found.set(scenario, find(scenario));
		const entry = await found.get(scenario)!;
		if (Object.hasOwn(params, "allowDestructive"))
			problems.push(
				`step ${i + 1}, ${titleOf({ scenario, params })}: allowDestructive is no step's to say: whoever starts the suite allows it`,
			);
		const all = { ...given, ...params };
		if ("description" in entry) {
			const { params: schema, sizes, guarded } = entry.description;
			try {
				resolveParams({ schema, sizes, guarded }, all);
			} catch (error) {
				problems.push(`step ${i + 1}, ${titleOf({ scenario, params })}: ${messageOf(error)}`);
			}
		}
		const byGuard = all.guard === "off" ? "failed" : "passed";
		steps.push({ scenario, params, expect: expect ?? byGuard, ...entry });
	}
	if (problems.length > 0) {
		const more = problems.length > problemsMax ? `; and ${problems.length - problemsMax} more` : "";
		throw new FaultlineError(
			"FLT_PARAM_INVALID",
			problems.slice(0, problemsMax).join("; ") + more,
			"what a suite is started with goes to every step that does not set it",
		);
	}
	return { given, seedDrawn, steps };
}
const problemsMax = 5;
