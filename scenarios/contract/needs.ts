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

/** Tools that are needed where a parameter has a value: parameter → value → tools. */
export type ToolsFor<P> = {
	readonly [K in keyof P]?: P[K] extends string
		? { readonly [V in P[K]]?: readonly ToolNeed[] }
		: never;
};

/** One value of one parameter, and the tools that it wants. */
export interface ToolWant {
	param: string;
	value: string;
	tools: string[];
}

export function toolWantsIn(toolsFor: ToolsFor<Record<string, string>>): ToolWant[] {
	return Object.entries(toolsFor).flatMap(([param, byValue]) =>
		Object.entries(byValue ?? {}).map(([value, needs]) => ({
			param,
			value,
			tools: toolsIn(needs ?? []),
		})),
	);
}
