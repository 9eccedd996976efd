import { number, oneOf, type Params } from "faultline";
import { gateParams, largeGate, smallGate } from "../../subjects/gate/gate-params.ts";

export const properties = {
	...gateParams,
	engine: oneOf(["sql", "dbt"], "sql", "what makes SQL of publishers' models: the gate, or dbt"),
	readsPerSec: number(20, 0.1, 1_000, "times that somebody looks where all mains are, per second"),
};

export const small = smallGate;

export const large = largeGate;

export type P = Params<typeof properties>;
