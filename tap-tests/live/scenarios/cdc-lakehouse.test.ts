import type pg from "pg";
import t from "tap";
import { pause } from "../../../base/clock.ts";
import { S3Client } from "../../../base/s3-client.ts";
import type { Stack } from "../../../daemon/stack/stack.ts";
import { urlOf } from "../../../daemon/stack/urls.ts";
import { s3Place } from "../../../scenarios/databases/cdc-lakehouse/reader/s3-place.ts";
import { unfetched } from "../fetched.ts";
import { type LakeTrial, lakeTrial, slot } from "../lake-trial.ts";
import { wide } from "../planted.ts";
import { up } from "../stack/stack-helper.ts";

// Consumers as they are without the testbed, killed at each of their steps, and what they stand on broken under them. Only
// where SEEDS is set, as by `npm run test:defects`.

t.setTimeout(600_000);

const fromSlot: LakeTrial = {
	file: "capture/slot/consumer.ts",
	only: ["postgres"],
	leased: [],
	environment: async () => ({}),
	tables: () => null,
	async breakMore({ client, diary }) {
		const snapshots = () => diary().filter(({ kind }) => kind === "snapshot").length;
		const taken = snapshots();
		await dropped(client);
		while (snapshots() === taken) await pause(20);
	},
};

const bucket = "lake";

const intoS3: LakeTrial = {
	...fromSlot,
	leased: ["s3"],
	async environment(stack) {
		const url = urlOf(up(stack, "s3").endpoint);
		await new S3Client(url).request({ method: "PUT", bucket });
		return { STORE: "s3", FLT_PATH_STORE: url, BUCKET: bucket };
	},
	tables(stack) {
		const url = urlOf(up(stack, "s3").endpoint);
		return { place: s3Place(new S3Client(url), bucket), where: `${url}/${bucket}` };
	},
	async breakMore({ stack, diary }) {
		for (let n = 0; n < 3; n++) {
			await killed(stack, "s3");
			const before = diary().length;
			while (diary().length < before + 2) await pause(20);
		}
	},
};

const byDebezium: LakeTrial = {
	...fromSlot,
	file: "capture/debezium/consumer.ts",
	only: ["postgres", "kafka"],
	leased: ["connect"],
	async environment(stack) {
		const { endpoint } = up(stack, "kafka");
		if (endpoint.kind !== "kafka") throw new Error("Kafka has an endpoint of its own kind");
		return {
			FLT_PATH_LOG: endpoint.brokers.join(),
			FLT_PATH_CONNECTORS: urlOf(up(stack, "connect").endpoint),
			SESSION_TIMEOUT_MS: "1000",
		};
	},
	// What it had sent and not noted as sent comes again.
	async breakMore({ stack, diary }) {
		for (let n = 0; n < 2; n++) {
			await killed(stack, "connect");
			const before = diary().length;
			while (diary().length < before + 2) await pause(20);
		}
	},
};

for (const [what, trial] of Object.entries({
	"killed at each step, and its slot dropped, it comes to every row": fromSlot,
	"killed at each step, and S3 as well, it comes to every row": intoS3,
	"killed at each step, and Debezium's worker as well, it comes to every row": byDebezium,
})) {
	const lacking = await unfetched({ needs: [...trial.leased], tools: [] });
	const skip =
		!wide ||
		(lacking.length > 0 && `${lacking.join()} is not here; npm run test:components fetches it`);
	t.test(what, { skip }, (t) => lakeTrial(t, trial));
}

async function killed(stack: Stack, id: "s3" | "connect"): Promise<void> {
	process.kill(up(stack, id).root!.pid, "SIGKILL");
	await stack.restart(id);
}

/** A reader that is cut off comes back at once, so it takes a few tries to be quicker. */
async function dropped(client: pg.Client): Promise<void> {
	for (;;)
		try {
			await client.query(
				"select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1",
				[slot],
			);
			await client.query("select pg_drop_replication_slot($1)", [slot]);
			return;
		} catch {
			await pause(10);
		}
}
