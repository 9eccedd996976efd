import { numberVariable, serve, subjectPace, variable } from "faultline/subject";
import { SlotClients } from "../../subjects/slot-clients.ts";
import { Slots } from "../../subjects/slots.ts";
import type { IngestEvent } from "./event.ts";

// The store: Postgres behind SLOTS slots, each held for SERVICE_MS, so that its capacity is time and not CPU. It takes
// CONNECTIONS_MAX at once and turns away the rest, and knows nothing of deadlines or of clients that have gone.
// `SLOTS=4 SERVICE_MS=40 FLT_PATH_DB=postgres://… FLT_PORT=8081 node store.ts` starts it without the testbed.

const serviceMs = numberVariable("SERVICE_MS");
const connectionsMax = numberVariable("CONNECTIONS_MAX", 100);

const pace = subjectPace();
const slots = new Slots(numberVariable("SLOTS"));
const clients = new SlotClients(variable("FLT_PATH_DB"), "soon on disk");
/** What held a slot, and from when to when. */
const work: [eventId: string, startMs: number, endMs: number][] = [];

async function insert(slot: number, { eventId, client, priority, amountCents }: IngestEvent) {
	await clients.use(slot, (postgres) =>
		postgres.query({
			name: "insert-event",
			text: `insert into events (event_id, client, priority, amount_cents) values ($1, $2, $3, $4)
			       on conflict (event_id) do nothing`,
			values: [eventId, client, priority, amountCents],
		}),
	);
}

/** For so long a slot is held now: `slow-work` on `write` adds to it. */
const heldMs = () => serviceMs + pace.extraUs("write") / 1_000;
const isCrowded = () => slots.waitingCount + slots.busyCount >= connectionsMax;

await serve({
	"POST /events": async ({ json, arrivedMs }) => {
		if (isCrowded()) return { status: 503, body: { error: "too many connections" } };
		const event = await json<IngestEvent>();
		const { startMs, endMs } = await slots.hold(arrivedMs, heldMs(), (slot) => insert(slot, event));
		work.push([event.eventId, startMs, endMs]);
		return { status: 201 };
	},
	/** Holds a slot and writes nothing: for who measures what it can take. */
	"POST /probe": async ({ arrivedMs }) => {
		const { endMs } = await slots.hold(arrivedMs, heldMs(), async () => {});
		return { endMs };
	},
	"GET /work": () => work,
	"*": () => ({ waiting: slots.waitingCount, busy: slots.busyCount, done: work.length }),
});
