import "../../base/resolve-hook.ts";
import { globSync } from "node:fs";
import { basename, dirname } from "node:path";
import { pathToFileURL } from "node:url";
import t from "tap";
import {
	allKinds,
	checkKindParams,
	kindFiles,
	kindNames,
	lackingIn,
	loadKind,
} from "../../chaos/kinds.ts";
import type { Scenario } from "../../scenarios/contract/scenario.ts";

t.test("each file in kinds/ is a kind of its name, in the folder of what it acts on", async (t) => {
	const files = globSync("chaos/kinds/**/*.ts");
	t.same(kindNames(), files.map((file) => basename(file, ".ts")).sort());
	t.ok(kindNames().length >= 7);
	for (const [name, file] of kindFiles()) {
		const { acts } = await loadKind(name);
		t.equal(basename(dirname(file.pathname)), acts === "path" ? "network" : acts, name);
	}
});

t.test("each kind keeps the contract", async (t) => {
	for (const name of kindNames()) {
		const kind = await loadKind(name);
		t.ok(kind.victim.length > 20, `${name}: says what its victim sees`);
		t.ok(["path", "postgres", "redis", "kafka", "process"].includes(kind.acts), `${name}: acts`);
		t.ok(["fully", "structure"].includes(kind.heals), `${name}: heals`);
		t.match(kind.params, { type: "object", additionalProperties: false }, `${name}: params`);
		for (const step of ["plan", "inject", "prove", "heal", "gone"] as const)
			t.type(kind[step], "function", `${name}: ${step}`);
		for (const { type, description } of Object.values((kind.params.properties ?? {}) as object)) {
			const unit = /\b(ms|µs|bytes|MB|KB\/s|%|of 1|count)(\b|$)|%/;
			const numeric = type === "integer" || type === "number";
			t.match(description, numeric ? unit : /\w/, `${name}: a parameter says its unit`);
		}
		if (kind.within !== undefined)
			t.equal(kind.acts, "process", `${name}: only a process has a within`);
	}
});

t.test(
	"a file that gives less than a kind says what it lacks, before anything is broken by it",
	async (t) => {
		const whole = await loadKind("latency");
		t.same(lackingIn(whole), []);
		const { heal, prove, ...half } = whole;
		t.same(lackingIn(half), ["prove is missing", "heal is missing"]);
		t.same(lackingIn({ ...whole, acts: "rediss" as "redis" }), [
			'acts is one of path, postgres, redis, kafka, process, and not "rediss"',
		]);
		t.equal(lackingIn({}).length, 9);
	},
);

t.test("a kind whose file does not load is told with its reason, and hides no other", async (t) => {
	const load = (kind: string) =>
		kind === "half" ? Promise.reject(new Error("heal is missing")) : loadKind(kind);
	const { whole, broken } = await allKinds(["latency", "half", "freeze"], load);
	t.same(
		whole.map(([kind]) => kind),
		["latency", "freeze"],
	);
	t.same(broken, [{ kind: "half", error: "heal is missing" }]);
});

t.test("each kind is tried on real services by one of the fixtures", async (t) => {
	const fixtures = globSync("tap-tests/fixtures/scenarios/kinds*.scenario.ts");
	const tried = await Promise.all(
		fixtures.map(async (file) => {
			const { default: scenario } = (await import(pathToFileURL(file).href)) as {
				default: Scenario;
			};
			const { faults = [] } = scenario.plan({ seed: 1, size: "default", guard: "on" });
			return faults.map(({ kind }) => kind);
		}),
	);
	t.same([...new Set<string>(tried.flat())].sort(), kindNames());
});

t.test("a mistyped kind is refused with the nearest", async (t) => {
	await t.rejects(loadKind("latensy"), {
		code: "FLT_KIND_UNKNOWN",
		message: 'no fault kind "latensy"; did you mean "latency"?',
	});
});

t.test("a kind takes parameters inside its bounds, and no others", async (t) => {
	const good: [kind: string, params: object][] = [
		["latency", { latencyMs: 1 }],
		["latency", { latencyMs: 60_000, jitterMs: 60_000 }],
		["latency", { latencyMs: 1, direction: "both", toxicity: 0.01 }],
		["bandwidth", { rateKBPerSec: 1 }],
		["slicer", { averageBytes: 5, variationBytes: 4, delayUs: 500 }],
		["slow-close", { delayMs: 60_000 }],
		["data-limit", { limitBytes: 1_000_000 }],
		["reset", {}],
		["reset", { afterMs: 0 }],
		["timeout", {}],
		["down", {}],
		["kill", {}],
		["freeze", {}],
		["terminate-backends", {}],
		["redis-pause", {}],
		["redis-memory-limit", { limitBytes: 1 }],
		["redis-memory-limit", { limitPct: 50 }],
		["redis-eviction", { limitPct: 50, policy: "volatile-ttl" }],
		["redis-slow-command", { busyMs: 2_000, gapMs: 1 }],
		["redis-keys-deleted", {}],
		["redis-keys-deleted", { prefix: "cart-" }],
		["topic-recreated", { topic: "orders" }],
		["leader-gone", { topic: "orders" }],
		["leader-gone", { topic: "orders", partition: 7 }],
		["restart-loop", { everyMs: 50 }],
		["cpu-pressure", {}],
		["memory-pressure", { sizeMb: 1 }],
		["group-evicted", { group: "readers" }],
		["connection-exhaustion", {}],
		["long-lock", { table: "orders" }],
		["lock-storm", { table: 'audit."odd"', sessions: 50, holdMs: 5 }],
		["read-only", {}],
		["checkpoint-storm", {}],
		["checkpoint-storm", { walBytes: 100_000 }],
		["slot-dropped", { slot: "cdc_1" }],
		["tablespace-full", { table: "orders" }],
		["event-loop-block", {}],
		["event-loop-block", { busyMs: 100, gapMs: 1 }],
		["clock-skew", { offsetMs: -1 }],
		["slow-work", { part: "orders", extraUs: 1 }],
		["hold-at-step", { step: "before-commit" }],
	];
	for (const [kind, params] of good) checkKindParams(kind, await loadKind(kind), params);
	const bad: [kind: string, params: unknown, message: RegExp, why: string][] = [
		["latency", {}, /latencyMs/, "it has no default"],
		["latency", { latencyMs: 0 }, /latency\/latencyMs must be >= 1, but is 0/, "no delay"],
		["latency", { latencyMs: 60_001 }, /latencyMs must be <= 60000, but is 60001/, "too long"],
		["latency", { latencyMs: 1.5 }, /latencyMs must be integer, but is 1.5/, "not whole"],
		["latency", { latencyMs: "5" }, /latencyMs must be integer, but is "5"/, "no number"],
		["latency", { latencyMs: 5, jitterMs: -1 }, /jitterMs must be >= 0/, "negative"],
		["reset", { afterMs: 60_001 }, /afterMs must be <= 60000/, "too long"],
		["slicer", { averageBytes: 5, delayUs: 400 }, /delayUs must be >= 500/, "nobody could see it"],
		[
			"slicer",
			{ averageBytes: 5, variationBytes: 5, delayUs: 500 },
			/variationBytes must be < 5, but is 5/,
			"a slice of nothing",
		],
		["timeout", { toxicity: 0 }, /toxicity must be >= 0.01, but is 0/, "it would act on nobody"],
		["timeout", { toxicity: 1.1 }, /toxicity must be <= 1/, "more than all"],
		["reset", { direction: "sideways" }, /direction must be equal to one of/, "no direction"],
		["down", { direction: "both" }, /must NOT have additional/, "it is no toxic"],
		["timeout", { latencyMs: 5 }, /must NOT have additional properties/, "another kind's"],
		["down", [], /must be object/, "no parameters at all"],
		["long-lock", {}, /table/, "which table?"],
		["long-lock", { table: "" }, /must NOT have fewer than 1 characters/, "which table?"],
		["lock-storm", { table: "t", sessions: 51, holdMs: 5 }, /sessions must be <= 50/, "too many"],
		[
			"lock-storm",
			{ table: "t", sessions: 1, holdMs: 4 },
			/holdMs must be >= 5/,
			"who would see it?",
		],
		["checkpoint-storm", { walBytes: 1 }, /walBytes must be >= 100000/, "nothing to write"],
		["slot-dropped", { slot: "Odd name" }, /slot must match pattern/, "no slot is called so"],
		["kill", undefined, /must be object/, "nothing"],
		["redis-memory-limit", {}, /must match exactly one schema/, "no limit"],
		["redis-memory-limit", { limitPct: 5, limitBytes: 5 }, /exactly one/, "two limits"],
		["redis-memory-limit", { limitBytes: 0 }, /limitBytes must be >= 1/, "0 means no limit"],
		["redis-memory-limit", { limitPct: 5, policy: "noeviction" }, /additional/, "its only policy"],
		[
			"redis-eviction",
			{ limitPct: 5, policy: "noeviction" },
			/policy must be equal/,
			"evicts none",
		],
		["redis-slow-command", {}, /busyMs/, "it has no default"],
		["redis-slow-command", { busyMs: 2_001 }, /busyMs must be <= 2000/, "heals too late"],
		["redis-keys-deleted", { prefix: 5 }, /prefix must be string/, "no text"],
		["topic-recreated", {}, /topic/, "which one"],
		["leader-gone", {}, /topic/, "whose leader"],
		["leader-gone", { topic: "t", partition: -1 }, /partition must be >= 0/, "they count from 0"],
		["restart-loop", {}, /everyMs/, "it has no default"],
		["restart-loop", { everyMs: 49 }, /everyMs must be >= 50/, "it would never live"],
		["cpu-pressure", { burners: 0 }, /burners must be >= 1/, "nobody competes"],
		["memory-pressure", { sizeMb: 0 }, /sizeMb must be >= 1/, "nothing is held"],
		["topic-recreated", { topic: "" }, /topic must NOT have fewer than 1/, "all that the run made"],
		[
			"event-loop-block",
			{ busyMs: 99 },
			/busyMs must be >= 100/,
			"too short to be told from noise",
		],
		["event-loop-block", { gapMs: 5 }, /must have property busyMs/, "a gap between no blocks"],
		["slow-work", { extraUs: 1 }, /part/, "which part"],
		["hold-at-step", {}, /step/, "which step"],
		["hold-at-step", { step: "" }, /step must NOT have fewer than 1/, "no name"],
		["slow-work", { part: "", extraUs: 1 }, /part must NOT have fewer than 1/, "no name"],
		["slow-work", { part: "orders", extraUs: 0 }, /extraUs must be >= 1/, "nothing is slower"],
		["clock-skew", {}, /offsetMs/, "it has no default"],
		["clock-skew", { offsetMs: 0 }, /offsetMs must NOT be valid, but is 0/, "the right time"],
		["clock-skew", { offsetMs: 0.5 }, /offsetMs must be integer/, "not whole"],
		["group-evicted", { group: "" }, /group must NOT have fewer than 1/, "no name"],
	];
	for (const [kind, params, message, why] of bad) {
		const fault = await loadKind(kind);
		t.throws(
			() => checkKindParams(kind, fault, params),
			{ code: "FLT_PARAM_INVALID", message },
			why,
		);
	}
});

t.test("all problems of a fault's parameters come together", async (t) => {
	const latency = await loadKind("latency");
	t.throws(() => checkKindParams("latency", latency, { latencyMs: 0, jitterMs: -1 }), {
		message: /latencyMs must be >= 1, but is 0; latency\/jitterMs must be >= 0, but is -1/,
	});
});

t.test("what is left of a toxic is not gone, however well the path answers", async (t) => {
	const timeout = await loadKind("timeout");
	const undo = { faultId: "f", on: "db", proxies: ["p"], params: {}, toxics: ["f-0", "f-1"] };
	const target = (toxics: string[]) => ({
		toxiproxy: { getProxy: async () => ({ toxics: toxics.map((name) => ({ name })) }) },
		probeOf: async () => ({ fresh: async () => ({ kind: "answered", ms: 1, error: null }) }),
	});
	t.match(await timeout.gone(target(["f-1"]) as never, undo), {
		ok: false,
		seen: "1 toxics left on p",
	});
	t.match(await timeout.gone(target(["another's"]) as never, undo), { ok: true });
});
