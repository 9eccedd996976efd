import {
	type Issue,
	type IssuedOperation,
	type KafkaClient,
	type KafkaMessage,
	lingering,
} from "faultline";
import { purchasesOf } from "./names.ts";
import type { P } from "./params.ts";
import { encode } from "./purchase.ts";

/** The load: an operation is a purchase, of those that follow the backlog. */
export function produceTo(log: Pick<KafkaClient, "produce">, topic: string, p: P): Issue {
	const purchases = purchasesOf(p);
	const send = lingering<{ message: KafkaMessage; operation: IssuedOperation }>(
		p.lingerMs,
		(all) => {
			for (const { message, operation } of all) log.produce(topic, message, operation);
		},
	);
	return (operation) => {
		const { intendedAtMs, phase } = operation;
		const n = p.backlog + operation.n;
		const purchase = purchases.at(n);
		const value = encode({ ...purchase, n, sentAtMs: intendedAtMs, phase });
		const key = Buffer.from(purchase.user);
		send({ message: { key, value, partition: purchases.partitionAt(n) }, operation });
	};
}
