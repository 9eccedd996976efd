import type { Order } from "../orders.ts";
import type { Values } from "../parameters.ts";
import type { Row } from "../text.ts";
import type { Oracle } from "./answer.ts";
import churn from "./churn.ts";
import gapsAndIslands from "./gaps-and-islands.ts";
import movingAverage from "./moving-average.ts";
import percentile from "./percentile.ts";
import periodOverPeriod from "./period-over-period.ts";
import retention from "./retention.ts";
import runningTotal from "./running-total.ts";
import sessionisation from "./sessionisation.ts";
import shareOfTotal from "./share-of-total.ts";
import topN from "./top-n.ts";

const oracles: Record<string, Oracle> = {
	"running-total": runningTotal,
	"moving-average": movingAverage,
	sessionisation,
	churn,
	retention,
	"top-n": topN,
	"gaps-and-islands": gapsAndIslands,
	"period-over-period": periodOverPeriod,
	"share-of-total": shareOfTotal,
	percentile,
};

/** The rows that a query must answer, in their order. */
export function expectedRows(query: string, orders: readonly Order[], values: Values): Row[] {
	const oracle = oracles[query];
	if (oracle === undefined) throw new Error(`there is no oracle for ${query}`);
	return oracle(orders, values);
}
