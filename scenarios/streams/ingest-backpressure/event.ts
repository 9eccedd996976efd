import { stream } from "faultline/subject";

/** From the most important to the least: 0 is served before 1, and 2 is the first to be refused. */
export const priorities = ["critical", "normal", "background"] as const;

export interface IngestEvent {
	eventId: string;
	/** Who sends it: a number below `clients`. */
	client: number;
	/** Place in `priorities`. */
	priority: number;
	amountCents: number;
}

export interface EventMix {
	seed: number;
	clients: number;
}

/** Of all events the first client sends so many: more than its contract allows in a burst. */
const noisyShare = 0.2;
const criticalShare = 0.05;
const normalShare = 0.45;

/** The n-th event of a seed: the load sends it, and the ground truth makes it again. */
export function eventOf(n: number, { seed, clients }: EventMix): IngestEvent {
	const random = stream(seed, `event/${n}`);
	const client = random() < noisyShare ? 0 : 1 + Math.floor(random() * (clients - 1));
	const drawn = random();
	const priority = drawn < criticalShare ? 0 : drawn < criticalShare + normalShare ? 1 : 2;
	const amountCents = 100 + Math.floor(random() * 99_900);
	return { eventId: `event-${n}`, client, priority, amountCents };
}

/** One as text, by which two are the same. */
export function textOf({ eventId, client, priority, amountCents }: IngestEvent): string {
	return `${eventId} ${client} ${priority} ${amountCents}`;
}
