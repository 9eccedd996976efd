import type { Order } from "../orders.ts";
import type { Values } from "../parameters.ts";
import type { Row } from "../text.ts";

/** What a query must answer, found by plain loops over the orders: no SQL, no windows. */
export type Oracle = (orders: readonly Order[], values: Values) => Row[];
