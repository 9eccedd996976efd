import t, { type Test } from "tap";
import {
	deliveryAfter,
	type Planned,
} from "../../scenarios/contracts/data-quality/anomalies/batches.ts";
import { deliverySql } from "../../scenarios/contracts/data-quality/etl/tables.ts";
import { etlSteps } from "../../scenarios/contracts/data-quality/etl/take-batch.ts";
import { storedIn } from "../../scenarios/contracts/data-quality/observe.ts";
import { digestOf } from "../../scenarios/contracts/data-quality/sales/columns.ts";
import { arrangeFresh, type Bench, benchOf, noGx, validatorFor } from "./data-quality.ts";
import { ownPostgres } from "./own-postgres.ts";

// A loader that ends between any two of its steps, a validator that is killed, a store that is away: asked again, a batch ends
// as it would have, once; and nothing leaves the machine.

const workload = { seed: 9, rows: 120 };
const sound: Planned = { batch: 1, anomalies: [], again: "not" };
const wrong: Planned = {
	batch: 2,
	anomalies: [{ kind: "nulls", size: 1, at: { columns: ["quantity"], to: "null" }, rows: [1, 2] }],
	again: "not",
};
const both = [sound, wrong];

let url: string;
t.before(async () => {
	if (!noGx) url = await ownPostgres(t);
});

async function handOver({ ask }: Bench): Promise<void> {
	await arrangeFresh(ask, workload.seed);
	for (const planned of both)
		for (const { text, values } of deliverySql(deliveryAfter(workload, planned)))
			await ask(text, values);
}

/** Both batches are where they belong, once, and nothing is left. */
async function endedRight(t: Test, { ask }: Bench): Promise<void> {
	const { loaded, quarantined, leftInStaging } = await storedIn(ask);
	const digest = (planned: Planned) => digestOf(deliveryAfter(workload, planned).rows);
	t.same(loaded, [{ batch: 1, digest: digest(sound) }]);
	t.match(quarantined, [
		{ batch: 2, digest: digest(wrong), error: /sales\.quantity: not_null: 2 of/ },
	]);
	t.same(leftInStaging, []);
}

t.test(
	"a loader that ends at any step leaves nothing half, and its successor does the rest",
	{ skip: noGx },
	async (t) => {
		const bench = await benchOf(t, url, await validatorFor(t, url));
		for (const step of etlSteps) {
			await handOver(bench);
			for (const { batch } of both) {
				const killed = await bench.take(batch, async (now) => {
					if (now === step) throw new Error(`killed at ${step}`);
				});
				t.match(killed, { kind: "none", reason: new RegExp(`killed at ${step}`) });
				const taken = await bench.take(batch);
				t.match(taken, { kind: batch === 1 ? "loaded" : "rejected", again: step === "committed" });
				t.match(
					await bench.take(batch),
					{ kind: taken.kind, again: true },
					"and once more it is known",
				);
			}
			await endedRight(t, bench);
		}
	},
);

t.test(
	"of two at once one is at it, and the other hears what became of it",
	{ skip: noGx },
	async (t) => {
		const bench = await benchOf(t, url, await validatorFor(t, url));
		await handOver(bench);
		for (const { batch } of both) {
			const others: unknown[] = [];
			const first = await bench.take(batch, async () => void others.push(await bench.take(batch)));
			const kind = batch === 1 ? "loaded" : "rejected";
			t.match(first, { kind, again: false });
			t.match(
				others,
				etlSteps.map(() => ({ kind: "none", reason: "somebody else is at it" })),
			);
			t.match(await bench.take(batch), { kind, again: true });
		}
		await endedRight(t, bench);
	},
);

t.test(
	"a validator that is killed in the middle has no verdict, and its successor has one",
	{ skip: noGx },
	async (t) => {
		const first = await validatorFor(t, url);
		const bench = await benchOf(t, url, first);
		await handOver(bench);
		for (const { batch } of both)
			t.match(
				await bench.take(batch, async (now) => {
					if (now === "staged") await first.kill();
				}),
				{ kind: "none", reason: /the validator: / },
			);
		const second = await benchOf(t, url, await validatorFor(t, url));
		for (const { batch } of both) await second.take(batch);
		await endedRight(t, bench);
	},
);

t.test("a store that is away, or silent, is no finding", { skip: noGx }, async (t) => {
	const away = await benchOf(
		t,
		url,
		await validatorFor(t, "postgres://nobody@127.0.0.1:1/none", { PATIENCE_MS: "1000" }),
	);
	await handOver(away);
	for (const { batch } of both) t.match(await away.take(batch), { kind: "none" });
	const { loaded, quarantined } = await storedIn(away.ask);
	t.same([loaded, quarantined], [[], []]);
});

t.test(
	"sessions that are ended while it validates are no finding, and the next batch has new ones",
	{ skip: noGx },
	async (t) => {
		const bench = await benchOf(t, url, await validatorFor(t, url));
		await handOver(bench);
		await bench.take(1);
		await bench.ask(
			"select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
		);
		const first = await bench.take(2);
		t.not(first.kind, "loaded");
		if (first.kind === "none") await bench.take(2);
		await endedRight(t, bench);
	},
);

t.test(
	"nothing leaves the machine: no name is looked up, and nobody else is called",
	{ skip: noGx },
	async (t) => {
		// An audit hook of Python itself, loaded before anything else, prints every address.
		const folder = t.testdir({
			"sitecustomize.py": `import sys
def hear(event, args):
    if event in ("socket.connect", "socket.sendto"):
        print("CALLED", args[1], flush=True)
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        print("LOOKED UP", args[0], flush=True)
sys.addaudithook(hear)
print("HEARING", flush=True)
`,
		});
		const validator = await validatorFor(t, url, { PYTHONPATH: folder });
		const bench = await benchOf(t, url, validator);
		await handOver(bench);
		for (const { batch } of both) await bench.take(batch);
		await endedRight(t, bench);
		t.match(validator.output(), /HEARING/);
		const outside = validator
			.output()
			.split("\n")
			.filter(
				(line) => /^(?:CALLED|LOOKED UP)/.test(line) && !/127\.0\.0\.1|localhost|'::1'/.test(line),
			);
		t.same(outside, []);
	},
);
