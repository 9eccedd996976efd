import type { EndpointKind } from "../../base/endpoint.ts";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import { isServiceId, processesOf, type ServiceId, services } from "../../base/services.ts";
import { type External, externalsOf, isExternal } from "../../scenarios/contract/external.ts";
import type { PlanData } from "../../scenarios/contract/plan.ts";
import { listens } from "../../scenarios/contract/subject.ts";
import { externalEndpoint } from "../stage/external-endpoint.ts";

/** By driver: what it can speak to, or why there is no such driver. */
export type KnownDrivers = Map<string, readonly EndpointKind[] | string>;

/** Where a plan's paths lead, and whether that is there. */
export function problemsOfPaths(plan: PlanData, needs: readonly ServiceId[]): string[] {
	const { paths, subjects = {} } = plan;
	const each = Object.entries(paths).flatMap(([path, target]) => {
		if (typeof target === "string")
			return needs.includes(target)
				? []
				: [`path "${path}" leads to ${target}, which is not in needs`];
		if (isExternal(target))
			return problemsOfExternal(path, target, [
				...Object.keys(subjects),
				...needs.flatMap(processesOf),
			]);
		const { subject } = target;
		if (subject === undefined)
			return [`path "${path}" leads nowhere: it has neither a service, subject or job nor a url`];
		if (!Object.hasOwn(subjects, subject))
			return [`path "${path}" leads to no subject "${subject}"`];
		return listens(subjects[subject]!.ready)
			? []
			: [
					`path "${path}" leads to subject "${subject}", which listens on no port: let its ready be "line", "port" or { http }`,
				];
	});
	return [...each, ...samePorts(externalsOf(plan))];
}

/** Clients that are at no path, or at one that their driver does not speak to; `drivers`: as far as they are known. */
export function problemsOfClients({ loads, paths }: PlanData, drivers: KnownDrivers): string[] {
	return Object.entries(loads).flatMap(([load, { clients }]) =>
		Object.entries(clients).flatMap(([client, { at, driver }]) => {
			const who = `client "${client}" of load "${load}"`;
			if (!Object.hasOwn(paths, at)) return [`${who} is at no path "${at}"`];
			const speaks = drivers.get(driver);
			if (typeof speaks === "string") return [`${who}: ${speaks}`];
			const kind = spokenAt(paths[at]);
			return speaks === undefined || kind === null || speaks.includes(kind)
				? []
				: [
						`${who}: driver "${driver}" can't speak to "${at}", which is ${kind}; it speaks to ${speaks.join(", ")}`,
					];
		}),
	);
}

/** What is spoken where a path leads; null where it leads nowhere. */
export function spokenAt(target: PlanData["paths"][string] | undefined): EndpointKind | null {
	if (typeof target === "string") return isServiceId(target) ? services[target].speaks : null;
	if (!isExternal(target)) return target?.subject === undefined ? null : "http";
	try {
		return externalEndpoint(target.url).kind;
	} catch {
		return null; // told of the path itself
	}
}

const understood: readonly (keyof External)[] = ["url", "port", "pid"];

function problemsOfExternal(path: string, external: External, taken: readonly string[]): string[] {
	const problems: string[] = [];
	const { url, port = 0, pid } = external;
	try {
		externalEndpoint(url);
	} catch (error) {
		const hint = error instanceof FaultlineError ? `: ${error.hint}` : "";
		problems.push(`${messageOf(error)}${hint}`);
	}
	if (!(Number.isInteger(port) && port >= 0 && port <= 65_535))
		problems.push(`its port must be a whole number from 0 (any free one) to 65535, but is ${port}`);
	if (pid !== undefined && !(Number.isInteger(pid) && pid >= 1))
		problems.push(`its pid must be a whole number from 1, but is ${pid}`);
	const strange = Object.keys(external).filter((name) => !understood.some((one) => one === name));
	if (strange.length > 0)
		problems.push(
			`it has ${strange.join(", ")}, but what is understood is ${understood.join(", ")}`,
		);
	if (taken.includes(path))
		problems.push(`a subject or service is called so too: a fault on it could mean either`);
	return problems.map((problem) => `path "${path}": ${problem}`);
}

function samePorts(externals: readonly [path: string, External][]): string[] {
	const fixed = externals.filter(([, { port }]) => port);
	return fixed.flatMap(([path, { port }], i) => {
		const other = fixed.slice(0, i).find(([, before]) => before.port === port);
		return other === undefined ? [] : [`paths "${other[0]}" and "${path}" both want port ${port}`];
	});
}
