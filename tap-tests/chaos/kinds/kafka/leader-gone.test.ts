import { spawn } from "node:child_process";
import t, { type Test } from "tap";
import { pause } from "../../../../base/clock.ts";
import { identify, isAlive, killTree, type ProcessIdentity } from "../../../../base/process.ts";
import type { Undo } from "../../../../chaos/fault.ts";
import { loadKind } from "../../../../chaos/kinds.ts";
import type { Probe } from "../../../../chaos/probe.ts";
import type { Target } from "../../../../chaos/target.ts";
import { recoveryTarget } from "../../../../daemon/stage/target.ts";
import { fakeBrokers } from "../../fake-brokers.ts";

const kind = await loadKind("leader-gone");
const all = { leader: 2, replicas: [1, 2, 3], inSync: [1, 2, 3] };
const withoutTwo = { leader: 3, replicas: [1, 2, 3], inSync: [1, 3] };
const recovery = recoveryTarget({ toxiproxy: null as never });

/** Three brokers, of which `kafka-2` has a process; started again it is in sync at once, as far as a test says. */
async function cluster(t: Test, count = 3) {
	const brokers = await fakeBrokers(t, count);
	brokers.view = all;
	const start = () => {
		const child = spawn("sleep", ["60"], { stdio: "ignore", detached: true });
		const identity = identify(child.pid!)!;
		t.teardown(() => killTree(identity, { graceMs: 0 }));
		return identity;
	};
	const asked: string[] = [];
	const made = {
		brokers,
		process: start(),
		restarts: [] as string[],
		/** What names of processes the fault has asked for. */
		asked,
		target: {
			kafkaOf: async () => brokers.addresses,
			ownName: (_of: string, name: string) => `flt.run.${name}`,
			processOf: async (on: string): Promise<ProcessIdentity> => {
				asked.push(on);
				return made.process;
			},
			restart: async (on: string) => {
				if (isAlive(made.process)) return;
				made.restarts.push(on);
				made.process = start();
			},
			probeOf: async () =>
				({ fresh: async () => ({ kind: "answered", ms: 1, error: null }) }) as unknown as Probe,
		} as unknown as Target,
	};
	return made;
}

type Cluster = Awaited<ReturnType<typeof cluster>>;

/** As it comes back from the disk. */
async function planned({ target }: Cluster, params: object = { topic: "orders" }): Promise<Undo> {
	return JSON.parse(JSON.stringify(await kind.plan(target, "log", params, "fault-1"))) as Undo;
}

/** Waits until the brokers were asked twice more, or what asks them is over; says whether it is. */
async function lookedTwice({ brokers }: Cluster, asking: Promise<unknown>): Promise<boolean> {
	let over = false;
	asking.finally(() => {
		over = true;
	});
	const enough = brokers.asked + 2;
	while (!over && brokers.asked < enough) await pause(5);
	return over;
}

async function injected(made: Cluster): Promise<Undo> {
	const undo = await planned(made);
	await kind.inject(made.target, undo);
	made.brokers.end(2);
	return undo;
}

t.test("it plans on the process of the broker that leads, and changes nothing", async (t) => {
	const made = await cluster(t);
	const [first, leader, third] = made.brokers.addresses;
	const undo = await planned(made, { topic: "orders", partition: 1 });
	t.match(undo, { on: "log", topic: "flt.run.orders", partition: 1, leader: 2, broker: "kafka-2" });
	t.match(undo, { address: leader, others: [first, third], process: { pid: made.process.pid } });
	t.same(made.asked, ["kafka-2"]);
	t.ok(isAlive(made.process));
	t.match(await kind.prove(made.target, undo), { ok: false, seen: "kafka-2 is still alive" });
	await kind.heal(made.target, undo);
	t.same(made.restarts, [], "healing what never came starts nothing");
});

t.test("where nobody could take over it is refused, and says what to do", async (t) => {
	const alone = await cluster(t, 1);
	await t.rejects(planned(alone), {
		code: "FLT_NO_PATH",
		message: 'there is one broker behind "log"',
		hint: /--brokers 3 \(FAULTLINE_KAFKA_NODES=3\)/,
	});
	const made = await cluster(t);
	const refused = [
		[{ ...all, replicas: [2], inSync: [2] }, /has one replica/, /replicationFactor 3/],
		[{ ...all, leader: null }, /partition 0 of topic "flt.run.orders" has no leader/, /wait/],
		[null, /there is no partition 0 of topic "flt.run.orders"/, /arrange/],
	] as const;
	for (const [view, message, hint] of refused) {
		made.brokers.view = view && { ...view, replicas: [...view.replicas], inSync: [...view.inSync] };
		await t.rejects(planned(made), { code: "FLT_NO_PATH", message, hint });
	}
	made.brokers.view = all;
	await t.rejects(planned(made, { topic: "orders", partition: 3 }), {
		message: /there is no partition 3/,
	});
	t.same(made.asked, [], "no process was taken for broken");
});

t.test("it is proved once the others have another leader, or none", async (t) => {
	for (const [view, seen] of [
		[withoutTwo, /broker 3 leads it, in sync: 1, 3$/],
		[{ ...withoutTwo, leader: null }, /nobody leads it/],
	] as const) {
		const made = await cluster(t);
		const undo = await injected(made);
		t.notOk(isAlive(made.process));
		const proving = kind.prove(made.target, undo);
		t.notOk(await lookedTwice(made, proving), "the old one still leads, for the others");
		made.brokers.view = view;
		const proof = await proving;
		t.match(proof, { ok: true, seen: /^kafka-2, .* does not answer \(ECONNREFUSED\)/ });
		t.match(proof.seen, seen);
	}
});

t.test("healing starts the broker once, and waits until it is in sync", async (t) => {
	const made = await cluster(t);
	const undo = await injected(made);
	made.brokers.view = withoutTwo;
	t.match(await kind.gone(made.target, undo), { ok: false, seen: /^kafka-2 is not in sync again/ });
	const healing = kind.heal(made.target, undo);
	t.notOk(await lookedTwice(made, healing), "it runs, but is not in sync yet");
	t.ok(isAlive(made.process));
	t.match(await kind.gone(made.target, undo), { ok: false });
	made.brokers.view = { ...all, leader: 3 };
	await healing;
	t.same(made.restarts, ["kafka-2"]);
	t.match(await kind.gone(made.target, undo), {
		ok: true,
		seen: /^kafka-2 is in sync again; broker 3 leads it, in sync: 1, 2, 3; a new connection: answered/,
	});
});

t.test("after its daemon it is healed by the undo alone, whatever is left of it", async (t) => {
	const made = await cluster(t);
	const undo = await injected(made);
	made.brokers.view = withoutTwo;
	const healing = kind.heal(recovery, undo);
	t.notOk(await lookedTwice(made, healing), "the stack brings it back, which is waited for");
	made.brokers.view = all;
	await healing;
	await kind.heal(recovery, undo);
	made.brokers.view = null;
	await kind.heal(recovery, undo);
	for (const id of [1, 3]) made.brokers.end(id);
	await kind.heal(recovery, undo);
	t.same(made.restarts, [], "nothing was started");
});
