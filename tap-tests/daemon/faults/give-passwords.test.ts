import { join } from "node:path";
import t from "tap";
import { Ledger, type LedgerEntry } from "../../../chaos/ledger.ts";
import { givePasswords } from "../../../daemon/faults/give-passwords.ts";
import { openHome } from "../../../daemon/home/home.ts";
import { readRecord, writeRecord } from "../../../daemon/stack/record.ts";
import { secretOf } from "../../../daemon/stack/secrets.ts";

t.test("faults that a version without passwords left can be healed by this one", async (t) => {
	const home = openHome(t.testdir());
	for (const [id, direct] of [
		["postgres", 20_001],
		["redis", 20_002],
	] as const)
		writeRecord(home, id, { ...readRecord(home, id), ports: { direct } });
	const ledger = new Ledger(join(home.folder, "ledger.ndjson"));
	t.teardown(() => ledger.close());
	const entry = (faultId: string, undo: object): LedgerEntry => ({
		faultId,
		runId: null,
		kind: "read-only",
		on: "db",
		undo: { faultId, on: "db", ...undo },
		state: "planned",
		plannedAt: "2026-11-29T00:00:00Z",
		limitMs: 1_000,
	});
	const [postgres, redis] = ["postgres", "redis"].map((id) => secretOf(home, id));
	const cases: [what: string, undo: object, given: object][] = [
		[
			"ours",
			{ url: "postgres://postgres@127.0.0.1:20001/flt_1", setting: "off", n: 1 },
			{ url: `postgres://postgres:${postgres}@127.0.0.1:20001/flt_1`, setting: "off", n: 1 },
		],
		[
			"our Redis",
			{ url: "redis://127.0.0.1:20002" },
			{ url: `redis://default:${redis}@127.0.0.1:20002` },
		],
		["another server", { url: "postgres://me@db/shop" }, { url: "postgres://me@db/shop" }],
		[
			"one with a password",
			{ url: "redis://:pw@127.0.0.1:20002" },
			{ url: "redis://:pw@127.0.0.1:20002" },
		],
		["a proxy", { proxies: ["faultline-x-db"], toxic: "http://" }, {}],
	];
	for (const [what, undo] of cases) ledger.record(entry(what, undo));
	givePasswords(ledger, home);
	for (const [what, undo, given] of cases)
		t.match(
			ledger.pending.find(({ faultId }) => faultId === what),
			entry(what, { ...undo, ...given }),
			what,
		);
	t.equal(ledger.pending.length, cases.length);
});
