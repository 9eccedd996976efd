import { number, type Params } from "faultline";
import { gateParams, largeGate, smallGate } from "../../subjects/gate/gate-params.ts";

export const properties = {
	...gateParams,
	readsPerSec: number(4, 0.1, 100, "times that somebody looks where main is, per second"),
};

export const small = { ...smallGate, readsPerSec: 6 } as const;

export const large = largeGate;

export type P = Params<typeof properties>;
