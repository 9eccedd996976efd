import t, { type Test } from "tap";
import { pause } from "../../../base/clock.ts";
import type { Undo } from "../../../chaos/fault.ts";
import { loadKind } from "../../../chaos/kinds.ts";
import { Probe } from "../../../chaos/probe.ts";
import type { Target } from "../../../chaos/target.ts";
import { type FakeRedis, fakeRedis } from "../fake-redis.ts";

// Each has a server of its own, and most wait for an answer that does not come.
t.jobs = 4;

const params: Record<string, object> = {
	"redis-pause": {},
	"redis-memory-limit": { limitPct: 50 },
	"redis-eviction": { limitBytes: 500 },
	// So long that a busy machine is not slow as well.
	"redis-slow-command": { busyMs: 200, gapMs: 10 },
	"redis-keys-deleted": {},
};

async function targetOf(t: Test, redis: FakeRedis): Promise<Target> {
	const probe = await Probe.open({ kind: "redis", url: redis.url });
	t.teardown(() => probe.close());
	return {
		redisOf: async () => redis.url,
		probeOf: async () => probe,
		ownName: (_of: string, name: string) => `flt:run:${name}`,
		owns: (name: string) => name.startsWith("flt:run:"),
	} as unknown as Target;
}

/** DEBUG SLEEP that holds up the whole server. */
function slowWhenTold(redis: FakeRedis): void {
	redis.before = ([name, , seconds]) => {
		if (name === "DEBUG") redis.pausedUntilMs = performance.now() + Number(seconds) * 1_000;
		return null;
	};
}

const stateOf = (redis: FakeRedis) => ({
	settings: [...redis.settings],
	paused: redis.pausedUntilMs > performance.now(),
});

for (const [name, given] of Object.entries(params)) {
	t.test(
		`${name} is seen, healed and seen to be gone, and healing it again changes nothing`,
		async (t) => {
			const redis = await fakeRedis(t);
			slowWhenTold(redis);
			for (let i = 0; i < 3; i++) redis.keys.add(`flt:run:${i}`);
			const target = await targetOf(t, redis);
			const kind = await loadKind(name);
			await kind.warm?.();
			const before = stateOf(redis);
			const undo = JSON.parse(
				JSON.stringify(await kind.plan(target, "cache", given, name)),
			) as Undo;
			t.same(stateOf(redis), before, "planning changes nothing");
			t.equal(redis.keys.size, 3);
			await kind.heal(target, undo);
			t.same(stateOf(redis), before, "nor does healing what never came");
			await kind.inject(target, undo);
			t.match(await kind.prove(target, undo), { ok: true });
			t.equal(
				(await kind.gone(target, undo)).ok,
				name === "redis-keys-deleted",
				"it is not gone yet",
			);
			await kind.heal(target, undo);
			await kind.heal(target, undo);
			t.same(stateOf(redis), before, "all is as it was");
			t.match(await kind.gone(target, undo), { ok: true });
			while (redis.connections > 1) await pause(1);
			t.pass("no connection but the probe's is left");
			redis.close();
			await kind.heal(target, undo);
			t.pass("a server that is gone took it along");
		},
	);
}

t.test("an effect that is not there is not proved", async (t) => {
	const redis = await fakeRedis(t);
	const target = await targetOf(t, redis);
	for (const [name, given] of Object.entries(params)) {
		const kind = await loadKind(name);
		const undo = await kind.plan(target, "cache", given, name);
		t.match(await kind.prove(target, undo), { ok: false }, name);
	}
});

t.test(
	"a pause is kept up for as long as it takes, and ends by itself without its daemon",
	async (t) => {
		const redis = await fakeRedis(t);
		const target = await targetOf(t, redis);
		const kind = await loadKind("redis-pause");
		const undo = await kind.plan(target, "cache", {}, "pause-1");
		await kind.inject(target, undo);
		const pauses = () => redis.commands.filter((command) => /^CLIENT PAUSE \d+ ALL$/.test(command));
		while (pauses().length < 3) await pause(5);
		// Another process has only the undo, and no connection that is served.
		const another = { ...undo, faultId: "pause-of-a-dead-daemon" };
		await kind.heal(target, undo);
		redis.pausedUntilMs = performance.now() + 100;
		await kind.heal(target, another);
		t.ok(performance.now() >= redis.pausedUntilMs, "healed is what answers again");
	},
);

t.test("a limit that was half set is taken back as a whole", async (t) => {
	const redis = await fakeRedis(t);
	redis.settings.set("maxmemory", "5000").set("maxmemory-policy", "allkeys-lfu");
	const target = await targetOf(t, redis);
	const kind = await loadKind("redis-memory-limit");
	const undo = await kind.plan(target, "cache", { limitBytes: 10 }, "limit-1");
	redis.before = (words) => (words[1] === "SET" && words[2] === "maxmemory" ? "-ERR no\r\n" : null);
	await t.rejects(kind.inject(target, undo), { message: /ERR no/ });
	t.equal(redis.settings.get("maxmemory-policy"), "noeviction", "one of two");
	redis.before = () => null;
	await kind.heal(target, undo);
	t.same([...redis.settings.values()], ["5000", "allkeys-lfu"]);
});

t.test("where DEBUG is disabled, a script keeps the server", async (t) => {
	const redis = await fakeRedis(t);
	redis.before = ([name]) =>
		name === "debug" || name === "DEBUG" ? "-ERR DEBUG command not allowed\r\n" : null;
	const kind = await loadKind("redis-slow-command");
	const target = await targetOf(t, redis);
	t.match(await kind.plan(target, "cache", { busyMs: 50 }, "slow-1"), {
		command: /^EVAL .*0\.05 /,
	});
	redis.before = () => null;
	t.match(await kind.plan(target, "cache", { busyMs: 50 }, "slow-1"), {
		command: "DEBUG SLEEP 0.05",
	});
});

t.test("only the run's keys are deleted, and of those only what is named", async (t) => {
	const redis = await fakeRedis(t);
	for (const key of ["flt:run:a-1", "flt:run:a-2", "flt:run:b-1", "flt:other:a-1", "a-1"])
		redis.keys.add(key);
	const target = await targetOf(t, redis);
	const kind = await loadKind("redis-keys-deleted");
	const undo = await kind.plan(target, "cache", { prefix: "a-" }, "keys-1");
	await kind.inject(target, undo);
	t.same([...redis.keys], ["flt:run:b-1", "flt:other:a-1", "a-1"]);
	t.match(await kind.prove(target, undo), { ok: true, seen: "of 2 keys from before 0 are left" });
	t.ok(redis.commands.some((command) => command.startsWith("SCAN 0 MATCH FLT:RUN:A-* ")));
	await kind.plan(target, "cache", { prefix: "[a-b]*" }, "keys-3");
	t.match(redis.commands.at(-1), "MATCH FLT:RUN:\\[A-B\\]\\** ", "a prefix is no pattern");
	const byHand = { ...target, ownName: (_of: string, name: string) => name, owns: () => false };
	await t.rejects(kind.plan(byHand, "cache", { prefix: "a-" }, "keys-4"), { code: "FLT_NO_PATH" });
	const none = await kind.plan(target, "cache", { prefix: "c-" }, "keys-2");
	t.match(await kind.prove(target, none), { ok: false, seen: "there was no key flt:run:c-*" });
});

t.test("nothing is evicted from a server that holds another's keys", async (t) => {
	const redis = await fakeRedis(t);
	redis.keys.add("flt:run:1").add("session:4711");
	const target = await targetOf(t, redis);
	const kind = await loadKind("redis-eviction");
	await t.rejects(kind.plan(target, "cache", { limitPct: 50 }, "evict-1"), {
		code: "FLT_NO_PATH",
		message: /such as "session:4711"/,
	});
	t.equal(redis.settings.get("maxmemory"), "0");
});
