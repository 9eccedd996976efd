import { codeOf, FaultlineError, messageOf } from "../../base/errors.ts";
import { loadKind } from "../../chaos/kinds.ts";
import { externalsOf } from "../../scenarios/contract/external.ts";
import { wantedBy } from "../../scenarios/contract/needs.ts";
import type { PlanData } from "../../scenarios/contract/plan.ts";
import type { RunParams } from "../../scenarios/contract/run-params.ts";
import { proxyPrefix } from "../../toxiproxy/proxies.ts";
import { RunHost } from "../host/channel.ts";
import type { ScenarioDescription } from "../host/protocol.ts";
import { mustAnswer, mustBeFree, processOf } from "../stage/external-path.ts";
import type { RunStack } from "../stage/stage.ts";
import { checkPlaces, type PlanGround } from "./check-faults.ts";
import type { KnownDrivers } from "./check-paths.ts";
import { checkPlan } from "./check-plan.ts";
import type { RunMode } from "./run-mode.ts";

const limitMs = 5_000;
/** Node starts in it, and imports the scenario: on a busy machine that takes seconds, and is no fault of the plan. */
const openLimitMs = 15_000;

interface Asked {
	description: ScenarioDescription;
	params: Readonly<RunParams>;
	mode: RunMode;
	allowDestructive: boolean;
}

/** Where a fault acts, by its kind's name. */
type Place = { kind: string; on: string };

/** A process in which a scenario's plan can be made: whoever opens it closes it. */
export async function openPlanHost(
	description: ScenarioDescription,
	stack: RunStack,
): Promise<RunHost> {
	const { folder } = stack.home;
	const host = new RunHost({
		env: stack.env,
		cwd: folder,
		memoryMb: description.limits.memoryMb,
		onEvent: () => {},
	});
	try {
		await host.call({ do: "open", file: description.file, folder }, openLimitMs);
		return host;
	} catch (error) {
		await host.close();
		throw noPlan(description, error);
	}
}

/**
 * Makes every case's plan once, and holds it against itself and against what is there: a plan that can't be made with
 * these parameters, or whose services that run anyhow do not run, is refused where it was asked for, not in a run.
 * `drivers` takes what is learnt of them. Resolves with the parameters of each case.
 */
export async function preflight(
	{ description, params, mode, allowDestructive }: Asked,
	host: RunHost,
	stack: RunStack,
	drivers: KnownDrivers,
): Promise<RunParams[]> {
	try {
		const overrides = Object.values(await host.call({ do: "cases", params }, limitMs));
		const cases = (overrides.length > 0 ? overrides : [{}]).map((one) => ({ ...params, ...one }));
		for (const all of cases) {
			const plan = await host.call({ do: "plan", params: all, trial: null }, limitMs);
			await learn(host, plan, drivers);
			const { services: needs } = wantedBy(description, [all]);
			const startedHere: PlanGround["startedHere"] = (id) => stack.isOurs(id);
			await checkPlan(plan, needs, startedHere, { allowDestructive, drivers });
			const places = await placesOf(host, plan, mode, all);
			await checkPlaces(places, plan, { needs, startedHere, allowDestructive });
			refuseSharedPorts(plan, mode);
			await checkExternals(plan, places, stack);
		}
		return cases;
	} catch (error) {
		throw noPlan(description, error);
	}
}

/** What says by itself what is wrong says it; all else is the plan's. */
function noPlan({ name }: ScenarioDescription, error: unknown): Error {
	if (error instanceof FaultlineError && codeOf(error) !== "FLT_HOOK_LIMIT") return error;
	return new FaultlineError(
		"FLT_PLAN_INVALID",
		`the plan of "${name}" can't be made: ${messageOf(error)}`,
		"change the parameters, or mend the scenario",
		error,
	);
}

/** Drivers are loaded in hosts alone. */
async function learn(host: RunHost, { loads }: PlanData, known: KnownDrivers): Promise<void> {
	const named = Object.values(loads).flatMap(({ clients }) =>
		Object.values(clients).map(({ driver }) => driver),
	);
	const names = [...new Set<string>(named)].filter((name) => !known.has(name));
	if (names.length === 0) return;
	const learnt = await host.call({ do: "drivers", names }, limitMs);
	for (const [name, speaks] of Object.entries(learnt)) known.set(name, speaks);
}

/** Where faults act, or may: those of an exploration are drawn. */
async function placesOf(
	host: RunHost,
	plan: PlanData,
	mode: RunMode,
	params: RunParams,
): Promise<Place[]> {
	if (mode.kind !== "explore") return plan.faults ?? [];
	const { kinds } = await host.call({ do: "grammar", params }, limitMs);
	return Object.entries(kinds).flatMap(([kind, { on }]) => on.map((name) => ({ kind, on: name })));
}

function refuseSharedPorts(plan: PlanData, mode: RunMode): void {
	if (mode.kind !== "duet" || mode.plan.shape.kind !== "turns") return;
	const fixed = externalsOf(plan).find(([, { port }]) => port);
	if (fixed === undefined) return;
	throw new FaultlineError(
		"FLT_PLAN_INVALID",
		`path "${fixed[0]}" is to listen on port ${fixed[1].port}, and the two sides of a duet are there at once`,
		"leave its port out, or compare whole runs: --whole",
	);
}

async function checkExternals(
	plan: PlanData,
	places: readonly Place[],
	stack: RunStack,
): Promise<void> {
	for (const [path, external] of externalsOf(plan)) {
		await mustAnswer(path, external);
		if (!(await isOfRun(external.port ?? 0, stack))) await mustBeFree(path, external);
		for (const { kind } of places.filter(({ on }) => on === path)) {
			if ((await loadKind(kind)).acts !== "process") continue;
			await processOf(path, external, stack.home).toBreak();
			break;
		}
	}
}

/** Whether a proxy of another run listens there, which is gone by the time that this one begins. */
async function isOfRun(port: number, stack: RunStack): Promise<boolean> {
	if (port === 0) return false;
	const ours = proxyPrefix(stack.home.id);
	const proxies = await stack.toxiproxy.listProxies();
	return proxies.some(({ name, listen }) => name.startsWith(ours) && listen.endsWith(`:${port}`));
}
