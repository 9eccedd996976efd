import t, { type Test } from "tap";
import type { ServiceId } from "../../../base/services.ts";
import { OnDemand, type OnDemandOptions } from "../../../daemon/stack/on-demand.ts";

const signal = new AbortController().signal;
const say = () => {};

/** Services that are nothing but names, and what was done with them. */
function rig(more: Partial<OnDemandOptions> = {}) {
	const up = new Set<ServiceId>();
	const done: string[] = [];
	const onDemand = new OnDemand({
		isUp: (id) => up.has(id),
		async start(id) {
			await new Promise(setImmediate);
			up.add(id);
			done.push(`start ${id}`);
		},
		async stop(id) {
			await new Promise(setImmediate);
			up.delete(id);
			done.push(`stop ${id}`);
		},
		memoryMbOf: () => 100,
		freeMb: () => 20_000,
		idleMs: 10,
		log: (line) => done.push(line),
		...more,
	});
	return { onDemand, up, done };
}

async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await new Promise(setImmediate);
}

/** All that is due by now has been done. */
async function settled(t: Test): Promise<void> {
	t.ok(true);
	await new Promise((resolve) => setTimeout(resolve, 40));
}

t.test("what several need is started once, and stopped a while after the last", async (t) => {
	const { onDemand, up, done } = rig();
	const [one, other] = await Promise.all([
		onDemand.lease(["s3"], say, signal),
		onDemand.lease(["s3"], say, signal),
	]);
	t.same(done, ["start s3"]);
	t.ok(onDemand.isNeeded("s3"));
	one();
	one();
	await settled(t);
	t.ok(up.has("s3"), "the other needs it still; one that is given back twice counts once");
	other();
	await until(() => !up.has("s3"));
	await until(() => done.length === 3);
	t.same(done, ["start s3", "stop s3", "s3 is stopped: nobody needs it"]);
});

t.test("who comes while it rests finds it up", async (t) => {
	const { onDemand, done } = rig({ idleMs: 20 });
	for (let i = 0; i < 3; i++) (await onDemand.lease(["s3"], say, signal))();
	t.same(done, ["start s3"]);
	const release = await onDemand.lease(["s3"], say, signal);
	await settled(t);
	t.same(done, ["start s3"], "and it stays for as long as he needs it");
	release();
	await until(() => done.includes("stop s3"));
});

t.test("one that can't be had keeps no other up, and is tried again by the next", async (t) => {
	let broken = true;
	const { onDemand, done } = rig({
		async start(id) {
			if (id === "prometheus" && broken) throw new Error("no such program");
			done.push(`start ${id}`);
		},
		isUp: () => false,
	});
	await t.rejects(onDemand.lease(["s3", "prometheus"], say, signal), /no such program/);
	t.notOk(onDemand.isNeeded("s3"));
	t.notOk(onDemand.isNeeded("prometheus"));
	broken = false;
	await onDemand.lease(["prometheus"], say, signal);
	t.ok(done.includes("start prometheus"));
});

t.test("where memory is short nothing rests, and who rests makes room", async (t) => {
	let free = 20_000;
	const { onDemand, up, done } = rig({ freeMb: () => free, idleMs: 60_000 });
	(await onDemand.lease(["s3"], say, signal))();
	(await onDemand.lease(["prometheus"], say, signal))();
	t.ok(up.has("s3") && up.has("prometheus"), "they rest");
	free = 1_050;
	const release = await onDemand.lease(["alertmanager"], say, signal);
	t.same([...up], ["alertmanager"], "the others had to go");
	t.match(done, [/start/, /start/, "stop s3", "s3 is stopped: alertmanager needs its memory"]);
	free = 500;
	release();
	await until(() => up.size === 0);
	free = 50;
	await t.rejects(onDemand.lease(["s3"], say, signal), {
		code: "FLT_COMPONENT_MISSING",
		message: "s3 takes about 100 MB of memory, and 50 MB are left",
	});
});

t.test(
	"one that an earlier daemon has left rests too; none is stopped once all ends",
	async (t) => {
		const { onDemand, up } = rig();
		up.add("s3");
		onDemand.rest("s3");
		await until(() => !up.has("s3"));
		up.add("prometheus");
		onDemand.rest("prometheus");
		await onDemand.close();
		await settled(t);
		t.ok(up.has("prometheus"), "whoever closes the stack ends it");
	},
);

t.test("who gives up while another is started waits for nothing", async (t) => {
	const { onDemand, done } = rig();
	const stop = new AbortController();
	const first = onDemand.lease(["s3"], say, signal);
	const second = onDemand.lease(["prometheus"], say, stop.signal);
	stop.abort(new Error("stopped"));
	await t.rejects(second, /stopped/);
	await first;
	t.same(done, ["start s3"]);
});
