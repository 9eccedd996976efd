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
