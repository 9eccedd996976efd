import type pg from "pg";
import { pause } from "../../../base/clock.ts";
import { codeOf, FaultlineError } from "../../../base/errors.ts";
import { faultKind } from "../../fault.ts";
import { ownObject } from "../../own-object.ts";
import {
	healPostgres,
	onPostgres,
	type PostgresUndo,
	planOnPostgres,
} from "../../postgres/postgres-undo.ts";
import { describeTrip } from "../../probe.ts";

declare module "../../fault.ts" {
	interface FaultKinds {
		"slot-dropped": { slot: string };
	}
}

interface SlotUndo extends PostgresUndo {
	slot: string;
	plugin: string;
	twoPhase: boolean;
}

interface Slot {
	plugin: string;
	twoPhase: boolean;
	active: boolean;
}

const dropTries = 50;
const retryMs = 10;
/** SQLSTATE of a slot that somebody reads from. */
const inUse = "55006";

/** The logical replication slot is gone, and with it what was not read yet; healing makes it again, from then on. */
export default faultKind<{ slot: string }, SlotUndo>({
	victim:
		"the reader is cut off, its slot does not exist, and changes until the end of the fault never come",
	acts: "postgres",
	heals: "structure",
	params: {
		type: "object",
		properties: {
			slot: {
				type: "string",
				pattern: "^[a-z0-9_]+$",
				maxLength: 63,
				description: "the slot's name after the run's database and an underscore",
			},
		},
		required: ["slot"],
		additionalProperties: false,
	},
	async plan(target, on, { slot }, faultId) {
		const undo = await planOnPostgres(target, on, faultId);
		const own = ownObject(target, "slot", slot);
		const found = await onPostgres(undo.url, (client) => find(client, own));
		if (found !== null) {
			return { ...undo, slot: own, plugin: found.plugin, twoPhase: found.twoPhase };
		}
		throw new FaultlineError(
			"FLT_NO_PATH",
			`there is no logical slot "${own}" in the database behind path "${on}"`,
			`arrange makes it: pg_create_logical_replication_slot('${own}', 'pgoutput')`,
		);
	},
	async inject(_target, { url, slot }) {
		await onPostgres(url, (client) => drop(client, slot));
	},
	async prove(target, { on, faultId, url, slot }) {
		const found = await onPostgres(url, (client) => find(client, slot));
		const fresh = await (await target.probeOf(on, faultId)).fresh(2_000);
		return {
			ok: found === null,
			seen: `${slot} ${found === null ? "does not exist" : "exists"}; a new session: ${describeTrip(fresh)}`,
		};
	},
	async heal(_target, { url, slot, plugin, twoPhase }) {
		await healPostgres(url, async (client) => {
			if ((await find(client, slot)) !== null) return;
			await client.query("select pg_create_logical_replication_slot($1, $2, false, $3)", [
				slot,
				plugin,
				twoPhase,
			]);
		});
	},
	async gone(target, { on, faultId, url, slot, plugin }) {
		const found = await onPostgres(url, (client) => find(client, slot));
		const fresh = await (await target.probeOf(on, faultId)).fresh(2_000);
		return {
			ok: found?.plugin === plugin && fresh.kind === "answered",
			seen: `${slot} ${found === null ? "does not exist" : `exists, for ${found.plugin}`}; a new session: ${describeTrip(fresh)}`,
		};
	},
});

async function find(client: pg.Client, slot: string): Promise<Slot | null> {
	const { rows } = await client.query<Slot>(
		`select plugin, two_phase as "twoPhase", active from pg_replication_slots
		 where slot_name = $1 and slot_type = 'logical' and database = current_database()`,
		[slot],
	);
	return rows[0] ?? null;
}

/** A reader that is cut off comes back at once, so it takes a few tries to be quicker. */
async function drop(client: pg.Client, slot: string): Promise<void> {
	for (let tries = 1; ; tries++) {
		try {
			await client.query(
				`select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1 and active`,
				[slot],
			);
			await client.query("select pg_drop_replication_slot($1)", [slot]);
			return;
		} catch (error) {
			if (codeOf(error) !== inUse || tries === dropTries) throw error;
			await pause(retryMs);
		}
	}
}
