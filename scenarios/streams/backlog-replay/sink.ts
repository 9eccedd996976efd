import { numberVariable, serve, subjectPace, variable } from "faultline/subject";
import { SlotClients } from "../../subjects/slot-clients.ts";
import { Slots } from "../../subjects/slots.ts";
import type { Batch } from "./batches.ts";
import { byKey } from "./by-key.ts";
import type { Message } from "./message.ts";
import { liveSql, replaySql } from "./sink-tables.ts";

// The sink: Postgres behind SLOTS slots, each held for UNIT_US by each message, so that its capacity is time and not CPU.
// It takes CONNECTIONS_MAX requests at once and turns away the rest. `SLOTS=4 UNIT_US=1000 FLT_PATH_DB=postgres://…
// FLT_PORT=8081 node sink.ts` starts it without the testbed.

const unitUs = numberVariable("UNIT_US");
const connectionsMax = numberVariable("CONNECTIONS_MAX", 48);
const newestWins = variable("NEWEST_WINS", "on") === "on" ? "on" : "off";

const pace = subjectPace();
const slots = new Slots(numberVariable("SLOTS"));
const clients = new SlotClients(variable("FLT_PATH_DB"), "soon on disk");
const statements = {
	live: { name: "live", text: liveSql(newestWins) },
	replay: { name: "replay", text: replaySql(newestWins) },
};

/** Holds a slot for so many messages, unless too many hold or want one. */
async function held<T>(count: number, sinceMs: number, work: (slot: number) => Promise<T>) {
	if (slots.waitingCount + slots.busyCount >= connectionsMax)
		return { status: 503, body: { error: "too many connections" } };
	// While `slow-work` on `write` is in force a message takes longer.
	const heldMs = (count * (unitUs + pace.extraUs("write"))) / 1_000;
	const { value, startMs, endMs } = await slots.hold(sinceMs, heldMs, work);
	return { status: 200, body: { tookMs: endMs - sinceMs, startMs, endMs, ...value } };
}

const query = (slot: number, statement: { name: string; text: string }, values: unknown[]) =>
	clients.use(slot, (postgres) => postgres.query<{ taken: number }>({ ...statement, values }));

await serve({
	"POST /live": async ({ json, arrivedMs }) => {
		const { n, key, value } = await json<Message>();
		return held(1, arrivedMs, async (slot) => {
			await query(slot, statements.live, [n, key, value]);
			return {};
		});
	},
	"POST /replay": async ({ json, arrivedMs }) => {
		const { partition, first, last, messages } = await json<Batch>();
		const totals = byKey(messages);
		const values = [
			totals.map(({ key }) => key),
			totals.map(({ version }) => version),
			totals.map(({ value }) => value),
			totals.map(({ count }) => count),
			totals.map(({ sum }) => sum),
		];
		return held(messages.length, arrivedMs, async (slot) => {
			const { rows } = await query(slot, statements.replay, [partition, first, last, ...values]);
			return { taken: rows[0]?.taken === 1 };
		});
	},
	/** As if it wrote so many: for who measures what it can take. */
	"POST /probe": async ({ json, arrivedMs }) => {
		const { count } = await json<{ count: number }>();
		return held(count, arrivedMs, async () => ({}));
	},
	"*": () => ({ waiting: slots.waitingCount, busy: slots.busyCount }),
});
