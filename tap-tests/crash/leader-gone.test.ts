import kafkajs from "kafkajs";
import t from "tap";
import { findMarked, isAlive } from "../../base/process.ts";
import { kafkaNodes } from "../../base/services.ts";
import { askPartition } from "../../chaos/kafka/broker-requests.ts";
import type { StackDocument } from "../../daemon/api/views.ts";
import { foldersOf } from "../../daemon/home/home.ts";
import { askBrokers } from "../../daemon/stack/ask-brokers.ts";
import { readRecord } from "../../daemon/stack/record.ts";
import { eventOf, killHard, liveDaemon, temporaryHome, triedOnce } from "../live/daemon.ts";
import { everyFault } from "../live/faults/every-fault.ts";
import { inventory } from "../live/inventory.ts";
import { roundTrip } from "../live/stack/round-trips.ts";

t.setTimeout(400_000);

const flags = ["--services", "kafka", "--brokers", "3"];
const restartLimitMs = 20_000;
const file = new URL("../fixtures/scenarios/kinds-leader.scenario.ts", import.meta.url).pathname;
const home = temporaryHome(t);
const start = () => liveDaemon(t, { home, flags });
let daemon = await start();

const processes = () => kafkaNodes.map((id) => readRecord(home, id).process!);

/** The brokers as the stack shows them. */
async function shown() {
	const { components } = await daemon.client.get<StackDocument>("/stack");
	return components.filter(({ name }) => name.startsWith("kafka"));
}

async function addresses(): Promise<string[]> {
	const [first] = await shown();
	return first!.direct!.replace("kafka://", "").split(",");
}

/** A topic that no run made, with this many replicas of its one partition. */
async function topicOf(replicationFactor: number): Promise<string> {
	const brokers = await addresses();
	const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
	const topic = `replicas-${replicationFactor}`;
	await admin.connect();
	await admin.createTopics({ waitForLeaders: true, topics: [{ topic, replicationFactor }] });
	await admin.disconnect();
	return topic;
}

t.test("three brokers are shown, and a client stays on its path to each of them", async (t) => {
	const rows = await shown();
	t.match(
		rows.map(({ name, state }) => [name, state]),
		kafkaNodes.map((name) => [name, "up"]),
	);
	const [direct, proxied] = (["direct", "proxied"] as const).map((side) =>
		rows.map((row) => row[side]!.replace("kafka://", "").split(",")),
	);
	for (const each of [direct!, proxied!]) {
		const [all, second, third] = each;
		t.equal(new Set(all).size, 3, "the first has the addresses of all");
		t.same([all![1], all![2]], [second![0], third![0]], "the others have their own");
		for (const address of all!)
			t.same((await askBrokers(address, 2_000)).sort(), all!.toSorted(), "each names all");
		await roundTrip({ kind: "kafka", brokers: all! });
	}
});

t.test(
	"a leader that is gone is replaced and comes back in sync, and no message is lost",
	async (t) => {
		const before = processes();
		await everyFault(t, daemon, "kinds-leader");
		const { runs } = await daemon.client.get<{ runs: { runId: string }[] }>("/runs");
		const run = await daemon.client.run(runs[0]!.runId);
		t.match(run.checks, [{ id: "none-lost", ok: true }]);
		const { seen, healedMs, plannedToMs } = run.faults[0]!;
		t.match(seen[0], /^kafka\S*, which led partition 1, does not answer \(ECONNREFUSED\); for the/);
		t.match(seen.at(-1), /^kafka\S* is in sync again; broker \d leads it, in sync: 1, 2, 3;/);
		t.ok(healedMs! - plannedToMs < restartLimitMs, `healed in ${healedMs! - plannedToMs} ms`);
		const after = processes();
		t.ok(after.every(isAlive));
		t.equal(
			before.filter(({ pid }, i) => after[i]!.pid !== pid).length,
			1,
			"one was started again",
		);
		for (const { message } of run.checks) t.comment(message);
	},
);

t.test("by hand it acts on any topic that somebody else could lead", async (t) => {
	const inject = (topic: string, forMs: number) =>
		daemon.client.post("/faults", { kind: "leader-gone", on: "kafka", params: { topic }, forMs });
	await t.rejects(inject(await topicOf(1), 1_000), { message: /has one replica/ });
	await t.rejects(inject("none", 1_000), { message: /there is no partition 0 of topic "none"/ });
	const topic = await topicOf(3);
	t.match(await inject(topic, 60_000), { kind: "leader-gone", state: "injected" });
	const gone = (await shown()).filter(({ state }) => state === "missing");
	t.match(gone, [{ tried: /its process \d+ has ended/ }], "the stack shows which one");
	t.match(await daemon.client.post("/heal"), { healed: [{ state: "healed" }], failures: [] });
	t.match(await shown(), [{ state: "up" }, { state: "up" }, { state: "up" }]);
	await daemon.client.post("/heal/release");
});

t.test("a slow path is slow to each of the brokers", async (t) => {
	const [first] = await shown();
	const tripsMs = async () => {
		const proxied = first!.proxied!.replace("kafka://", "").split(",");
		const trips = proxied.map(async (address) => {
			const begin = performance.now();
			await askBrokers(address, 5_000);
			return performance.now() - begin;
		});
		return Promise.all(trips);
	};
	const params = { latencyMs: 1_000 };
	await daemon.client.post("/faults", { kind: "latency", on: "kafka", params, forMs: 60_000 });
	t.ok((await tripsMs()).every((ms) => ms >= 1_000));
	t.match(await daemon.client.post("/heal"), { healed: [{ state: "healed" }], failures: [] });
	t.ok((await tripsMs()).every((ms) => ms < 1_000));
	await daemon.client.post("/heal/release");
});

t.test("a daemon killed while a broker is gone comes up with three again", async (t) => {
	const before = await inventory(daemon.client, home);
	const { client } = daemon;
	const params = { faultMs: 60_000 };
	const { runId } = await client.post<{ runId: string }>("/runs", {
		file,
		params: { ...params, ...triedOnce },
	});
	await eventOf(client, runId, ({ type, ...event }) => {
		return type === "fault" && (event as { fault: { provedMs: unknown } }).fault.provedMs !== null;
	});
	t.equal(processes().filter(isAlive).length, 2);
	await killHard(daemon);
	daemon = await start();
	t.match(daemon.output(), /healed 1 of 1 faults/);
	t.equal(daemon.output().match(/kafka\S* \S+ is up \(adopted\)/g)?.length, 2);
	t.ok(processes().every(isAlive));
	t.match(await shown(), [{ state: "up" }, { state: "up" }, { state: "up" }]);
	t.same(await inventory(daemon.client, home), before);
	t.match(await daemon.client.run(runId), { state: "crashed", verdict: "invalid" });
	const [one, ...others] = await addresses();
	const view = await askPartition(one!, await topicOf(3), 0);
	t.equal(view?.inSync.length, others.length + 1);
});

t.test(
	"a broker that no fault has broken, and that ends in a run, is a lost component",
	async (t) => {
		const { client } = daemon;
		const { runId } = await client.post<{ runId: string }>("/runs", { file, params: triedOnce });
		await eventOf(client, runId, (event) => event.type === "state" && event.state === "steady");
		const [, , third] = processes();
		process.kill(third!.pid, "SIGKILL");
		await eventOf(client, runId, (event) => event.type === "end");
		const run = await client.run(runId);
		const lost = run.reasons.find(({ code }) => code === "component_lost");
		t.match(lost?.message, `kafka-3: its process ${third!.pid} has ended`);
		await t.rejects(client.post("/runs", { file, params: triedOnce }), {
			message: /kafka-3 is missing/,
		});
	},
);

t.test("with its daemon all brokers end", async (t) => {
	daemon.process.kill("SIGTERM");
	await daemon.exited;
	t.same(await findMarked(home.id, ...foldersOf(home)), []);
});
