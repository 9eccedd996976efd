import { join } from "node:path";
import t from "tap";
import type { Fault } from "../../../chaos/fault.ts";
import type { FaultRecord } from "../../../chaos/injection.ts";
import { loadKind } from "../../../chaos/kinds.ts";
import { Ledger, type LedgerEntry } from "../../../chaos/ledger.ts";
import { FaultsByHand } from "../../../daemon/faults/by-hand.ts";
import type { CaseFaults } from "../../../daemon/runs/case-faults.ts";
import type { RunManager } from "../../../daemon/runs/manager.ts";
import type { RunStack } from "../../../daemon/stage/stage.ts";
import { faultInForce } from "../tui/recorded.ts";

const postgres = { kind: "postgres", url: "postgres://127.0.0.1:1/x" };
const redis = { kind: "redis", url: "redis://127.0.0.1:2" };

/** A stack whose Postgres was started here, and whose Redis is somebody else's; Kafka is missing. */
const stack = {
	home: { id: "h" },
	endpoint: (id: string) => ({ postgres, redis })[id] ?? null,
	proxied: (id: string) => ({ postgres, redis })[id] ?? null,
	root: (id: string) => (id === "postgres" ? { pid: 1 } : null),
} as unknown as RunStack;

interface FakeRun {
	faults: FaultRecord[];
	nowMs: number;
	liveFaults: Pick<CaseFaults, "namesFor" | "isByHand"> | null;
}

function byHand(active: FakeRun | null = null): FaultsByHand {
	const runs = { active, blocked: null } as unknown as RunManager;
	return new FaultsByHand(runs, stack, {} as Ledger);
}

function kind(change: Partial<Fault> = {}): Fault {
	return { acts: "path", heals: "fully", ...change } as Fault;
}

const running: FakeRun = {
	faults: [],
	nowMs: 5_000,
	liveFaults: {
		namesFor: ({ acts }) => (acts === "process" ? ["worker", "postgres"] : ["db"]),
		isByHand: (id) => id === "mine",
	},
};

t.test(
	"without a run a kind acts on the standing paths, and on what was started here",
	async (t) => {
		const idle = byHand();
		const on = async (change: Partial<Fault>) => (await idle.placesOf(kind(change))).on;
		t.same(await on({ acts: "path" }), ["postgres", "redis"]);
		t.same(await on({ acts: "redis" }), ["redis"]);
		t.same(await on({ acts: "process" }), ["postgres"], "nobody else's process is touched");
		t.same(await on({ acts: "postgres", ownServer: true }), ["postgres"]);
		t.same(await on({ acts: "redis", ownServer: true }), [], "it is somebody else's");
	},
);

t.test("in a run its own names come first, each once", async (t) => {
	const active = byHand(running);
	t.same((await active.placesOf(kind())).on, ["db", "postgres", "redis"]);
	t.same((await active.placesOf(kind({ acts: "process" }))).on, ["worker", "postgres"]);
	t.same((await active.placesOf(kind({ heals: "structure" }))).on, ["db"], "just its own");
});

t.test("a kind that can act on nothing says why", async (t) => {
	const idle = byHand();
	const why = async (change: Partial<Fault>) => idle.placesOf(kind(change));
	t.match(await why({ acts: "kafka" }), { on: [], unavailable: "no path leads to kafka" });
	t.match(await why({ heals: "structure" }), { on: [], unavailable: /what a run has made/ });
	t.match(await why({ acts: "process", within: "node" }), {
		on: [],
		unavailable: /only on a subject/,
	});
	t.match(await why({ available: async () => "taskset is missing" }), {
		on: [],
		unavailable: "taskset is missing",
	});
});

t.test("a kind that this stack has nothing for says what to start it with", async (t) => {
	const { on, unavailable } = await byHand().placesOf(await loadKind("leader-gone"));
	t.same(on, []);
	t.match(unavailable, /no second broker .* --brokers 3/);
});

t.test("of a run's faults those in force are told, whose they are and how long they last", (t) => {
	const record = (id: string, change: Partial<FaultRecord> = {}): FaultRecord => {
		const { byHand: _byHand, healsInMs: _healsInMs, ...rest } = faultInForce();
		return { ...rest, id, plannedToMs: 7_500, ...change };
	};
	const faults = [
		record("mine"),
		record("own"),
		record("unseen", { state: "no_effect", provedMs: null }),
		record("stuck", { state: "heal_failed", healedMs: 4_000, plannedToMs: 4_000 }),
		record("planned", { state: "planned", injectedMs: null }),
		record("over", { state: "healed", healedMs: 4_000 }),
		record("in vain", { state: "no_effect", healedMs: 4_000 }),
	];
	const { inForce } = byHand({ ...running, faults });
	t.same(
		inForce.map(({ id, byHand, healsInMs }) => [id, byHand, healsInMs]),
		[
			["mine", true, 2_500],
			["own", false, 2_500],
			["unseen", false, 2_500],
			["stuck", false, 0],
		],
	);
	t.end();
});

t.test("a kind that this machine can't do is refused with the reason", async (t) => {
	const ledger = new Ledger(join(t.testdir(), "ledger.ndjson"));
	t.teardown(() => ledger.close());
	const runs = { blocked: null, active: null } as unknown as RunManager;
	const stack = { endpoint: () => null, proxied: () => null, env: {} } as unknown as RunStack;
	const faults = new FaultsByHand(runs, stack, ledger);
	t.intercept(process, "env", { value: { ...process.env, PATH: t.testdir() } });
	await t.rejects(
		faults.inject({ kind: "cpu-pressure", on: "postgres", params: {}, forMs: 1_000 }),
		{ code: "FLT_NO_PATH", message: /^cpu-pressure is unavailable here: there is no taskset/ },
	);
	t.same(ledger.pending, []);
});

t.test(
	"what could not be healed is left, and is dropped by whoever has taken it back",
	async (t) => {
		const ledger = new Ledger(join(t.testdir(), "ledger.ndjson"));
		t.teardown(() => ledger.close());
		const entry = (faultId: string, runId: string | null): LedgerEntry => ({
			faultId,
			runId,
			kind: "of-another-version" as LedgerEntry["kind"],
			on: "db",
			undo: { url: "postgres://u:hush@127.0.0.1:1/x" },
			state: "planned",
			plannedAt: "2026-01-01T00:00:00.000Z",
			limitMs: 1_000,
		});
		ledger.record(entry("earlier", "run-0"));
		ledger.record(entry("planned", "run-1"));
		ledger.record(entry("stuck", "run-1"));
		ledger.record(entry("holds", null));
		const { byHand: _byHand, healsInMs: _healsInMs, ...record } = faultInForce();
		const faults = [
			{ ...record, id: "stuck", state: "heal_failed", healedMs: 1 },
			{ ...record, id: "holds", state: "injected", injectedMs: 1, healedMs: null },
		];
		const active = { ...running, id: "run-1", faults };
		const runs = { active, blocked: null } as unknown as RunManager;
		const hand = new FaultsByHand(runs, stack, ledger);
		t.same(
			hand.left.map(({ faultId }) => faultId),
			["earlier", "stuck"],
		);
		t.notMatch(JSON.stringify(hand.left), "hush", "what is to be taken back, without secrets");
		t.throws(() => hand.drop("holds"), { code: "FLT_CONFLICT", message: /in force/ });
		t.throws(() => hand.drop("planned"), { code: "FLT_NOT_FOUND", hint: /earlier, stuck/ });
		t.match(hand.drop("earlier"), { kind: "of-another-version", on: "db" });
		t.same(
			hand.left.map(({ faultId }) => faultId),
			["stuck"],
		);
	},
);
