import { codeOf, FaultlineError, messageOf } from "../../base/errors.ts";
import type { RunParams } from "../../scenarios/contract/run-params.ts";
import { RunHost } from "../host/channel.ts";
import type { ScenarioDescription } from "../host/protocol.ts";
import type { RunStack } from "../stage/stage.ts";
import { checkPlan } from "./check-plan.ts";

const limitMs = 5_000;

/**
 * Makes every case's plan once, in a process of its own, and holds it against itself: a plan that can't be made with
 * these parameters is refused where it was asked for (`FLT_PLAN_INVALID`), not in a run.
 */
export async function preflight(
	description: ScenarioDescription,
	params: Readonly<RunParams>,
	stack: RunStack,
): Promise<void> {
	const host = new RunHost({
		env: stack.env,
		cwd: stack.home.folder,
		memoryMb: description.limits.memoryMb,
		onEvent: () => {},
	});
	try {
		await host.call({ do: "open", file: description.file }, limitMs);
		const cases = Object.values(await host.call({ do: "cases", params }, limitMs));
		for (const overrides of cases.length > 0 ? cases : [{}]) {
			const plan = await host.call(
				{ do: "plan", params: { ...params, ...overrides }, trial: null },
				limitMs,
			);
			await checkPlan(plan, description.needs, (id) => stack.isOurs(id));
		}
	} catch (error) {
		if (error instanceof FaultlineError && codeOf(error) !== "FLT_HOOK_LIMIT") throw error;
		throw new FaultlineError(
			"FLT_PLAN_INVALID",
			`the plan of "${description.name}" can't be made: ${messageOf(error)}`,
			"change the parameters, or mend the scenario",
			error,
		);
	} finally {
		await host.close();
	}
}
