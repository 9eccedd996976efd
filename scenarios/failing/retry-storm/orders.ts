import { stream } from "faultline/subject";

export interface Order {
	orderId: string;
	amountCents: number;
}

/** The n-th order of a seed: the load sends it, and the ground truth makes it again. */
export function orderOf(seed: number, n: number): Order {
	const amountCents = 100 + Math.floor(stream(seed, `order/${n}`)() * 99_900);
	return { orderId: `order-${n}`, amountCents };
}
