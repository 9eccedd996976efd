import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ServiceId } from "../../base/services.ts";
import { runNames } from "../../scenarios/contract/names.ts";
import type { Home } from "../home/home.ts";
import { removeNamespace } from "./namespace.ts";
import { type RunStack, runProxyPrefix, servicesUp, workFolderOf } from "./stage.ts";
import { controlsFolder } from "./subjects.ts";

/**
 * Removes everything that a run made, by its names alone: right after a run, and at start-up for one whose daemon
 * died. The record stays. Throws with all that could not be removed; the run's folder then stays, as the sign that
 * something is left.
 */
export async function cleanUpRun(
	stack: RunStack,
	runId: string,
	needs: readonly ServiceId[],
): Promise<void> {
	await cleanUpCase(stack, runId, needs);
	rmSync(workFolderOf(stack.home, runId), { recursive: true, force: true });
}

/** The runs of which something is left, or that are under way. */
export function uncleaned(home: Home): string[] {
	const folder = workFolderOf(home, "");
	return existsSync(folder) ? readdirSync(folder) : [];
}

/** Removes what a case has made before the next one of its run, but for the folders of what goes on: its host, and these subjects. */
export async function cleanUpCase(
	stack: RunStack,
	runId: string,
	needs: readonly ServiceId[],
	kept: readonly string[] = [],
): Promise<void> {
	const results = await Promise.allSettled([
		removeProxies(stack, runProxyPrefix(stack.home.id, runId)),
		removeNamespace(servicesUp(stack, needs), runNames(runId)),
	]);
	const folder = workFolderOf(stack.home, runId);
	const staying = kept.length > 0 ? [...kept, controlsFolder] : [];
	for (const name of existsSync(folder) ? readdirSync(folder) : [])
		if (!staying.includes(name)) rmSync(join(folder, name), { recursive: true, force: true });
	const failures = results.flatMap((result) =>
		result.status === "rejected" ? [result.reason] : [],
	);
	// It was there when the run began, and what the run made in it outlives its process.
	for (const id of needs)
		if (stack.endpoint(id) === null) failures.push(new Error(`${id} is away`));
	if (failures.length > 0) throw new AggregateError(failures, "");
}

async function removeProxies(stack: RunStack, prefix: string): Promise<void> {
	const proxies = await stack.toxiproxy.listProxies();
	for (const { name } of proxies)
		if (name.startsWith(prefix)) await stack.toxiproxy.deleteProxy(name);
}
