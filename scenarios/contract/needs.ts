import type { ServiceId } from "../../base/services.ts";

/** A program that is fetched for the scenarios that need it, such as dbt. */
export interface ToolNeed {
	readonly tool: string;
}

/** What has to be there before a run begins. */
export type Need = ServiceId | ToolNeed;

/** A program among the needs of a scenario: its commands are first on the `PATH` of the run's jobs. */
export function tool<const Id extends string>(id: Id): { readonly tool: Id } {
	return { tool: id };
}

/** The services among these needs. */
export type ServicesIn<N extends Need> = Extract<N, ServiceId>;

export function servicesIn(needs: readonly Need[]): ServiceId[] {
	return needs.filter((need) => typeof need === "string");
}

export function toolsIn(needs: readonly Need[]): string[] {
	return needs.flatMap((need) => (typeof need === "string" ? [] : [need.tool]));
}

/** What is needed where a parameter has a value: parameter → value → services and tools. */
export type NeedsFor<P> = {
	readonly [K in keyof P]?: P[K] extends string
		? { readonly [V in P[K]]?: readonly Need[] }
		: never;
};

/** The services among what values of parameters want. */
export type ServicesFor<F> = {
	[K in keyof F]: {
		[V in keyof F[K]]: F[K][V] extends readonly (infer N)[] ? N : never;
	}[keyof F[K]];
}[keyof F] extends infer N
	? Extract<N, ServiceId>
	: never;

/** One value of one parameter, and what it wants. */
export interface NeedWant {
	param: string;
	value: string;
	services: ServiceId[];
	tools: string[];
}

export function wantsIn(needsFor: NeedsFor<Record<string, string>>): NeedWant[] {
	return Object.entries(needsFor).flatMap(([param, byValue]) =>
		Object.entries(byValue ?? {}).map(([value, needs = []]) => ({
			param,
			value,
			services: servicesIn(needs),
			tools: toolsIn(needs),
		})),
	);
}

/** What has to be there with these parameters. */
export interface Wanted {
	services: ServiceId[];
	tools: string[];
}

/** What a scenario needs with these parameters, of all of its cases. */
export function wantedBy(
	said: { needs: readonly ServiceId[]; tools: readonly string[]; needsFor: readonly NeedWant[] },
	cases: readonly Readonly<Record<string, unknown>>[],
): Wanted {
	const wanted = said.needsFor.filter(({ param, value }) =>
		cases.some((one) => one[param] === value),
	);
	return {
		services: [...new Set([...said.needs, ...wanted.flatMap(({ services }) => services)])],
		tools: [...new Set([...said.tools, ...wanted.flatMap(({ tools }) => tools)])],
	};
}
