import type { Facts } from "faultline";
import type { Answer, Given } from "./answers.ts";
import type { ServiceTimes } from "./service-times.ts";
import type { Loaded } from "./table.ts";
import type { Work } from "./work.ts";

/** What `observe` saw. */
export type Observed = {
	/** Major version. */
	postgres: number;
	loaded: Loaded;
	/** Of each query and variant, undisturbed. */
	answers: Answer[];
	/** What the load was answered, faults included. */
	given: Given[];
	/** Of the load in steady state. */
	serviceTimes: ServiceTimes[];
	/** On this table and on smaller ones. */
	work: Work[];
};

/** What the oracle says. */
export type Expected = { loaded: Loaded; answers: Answer[] };

/** What checks, metrics and charts look at. */
export type WindowFacts = Pick<
	Facts<unknown, Observed, Expected>,
	"case" | "loads" | "observed" | "expected"
>;
