import type { Static, TObject, TProperties } from "typebox";
import type { JsonObject } from "../../base/json.ts";

/** The scenario's own parameters. */
export type OwnParams<P extends TProperties> = Readonly<Static<TObject<P>>>;

/** Every parameter of a run, the scenario's own and the reserved ones; frozen. */
export type Params<P extends TProperties> = OwnParams<P> & ReservedParams;

export interface ReservedParams {
	/** uint32; the only source of chance. */
	readonly seed: number;
	readonly size: Size;
	/** `off` runs the naive twin. Always `on` in a scenario without one. */
	readonly guard: "on" | "off";
}

export const sizes = ["small", "default", "large"] as const;

export type Size = (typeof sizes)[number];

/** All parameters of a run with their types forgotten, as they cross between processes. */
export type RunParams = JsonObject & ReservedParams;

/** Names that belong to Faultline and can't be parameters of a scenario. */
export const reservedNames = [
	"seed",
	"size",
	"guard",
	"retries",
	"allowDestructive",
	"wait",
	"format",
] as const;
