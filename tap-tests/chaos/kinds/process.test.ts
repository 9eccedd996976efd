import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { allowedCpus, bindToCpus, lastCpu } from "../../../base/affinity.ts";
import { pause } from "../../../base/clock.ts";
import {
	identify,
	isAlive,
	killTree,
	type ProcessIdentity,
	treeOf,
} from "../../../base/process.ts";
import type { Undo } from "../../../chaos/fault.ts";
import { loadKind } from "../../../chaos/kinds.ts";
import type { Probe } from "../../../chaos/probe.ts";
import { companionsOf, endCompanions } from "../../../chaos/process/companions.ts";
import type { Target } from "../../../chaos/target.ts";
import { untapped } from "../../untapped.ts";

/** A subject in the place of one: a process that is started again when it is gone. */
interface Worker {
	identity: ProcessIdentity;
	restarts: number;
	/** Whose end was announced. */
	expected: string[];
	target: Target;
}

function worker(t: Test, script = "exec sleep 60"): Worker {
	const start = () => {
		const child = spawn("/bin/sh", ["-c", script], { stdio: "ignore", detached: true });
		const identity = identify(child.pid!)!;
		t.teardown(() => killTree(identity, { graceMs: 0 }));
		return identity;
	};
	const answered = async () => ({ kind: "answered", ms: 1, error: null });
	const self: Worker = {
		identity: start(),
		restarts: 0,
		expected: [],
		target: {
			env: { PATH: process.env.PATH },
			processOf: async () => self.identity,
			expectEnd: (on: string) => self.expected.push(on),
			restart: async () => {
				if (isAlive(self.identity)) return;
				self.restarts += 1;
				self.identity = start();
			},
			probeOf: async () => ({ old: answered, fresh: answered }) as unknown as Probe,
		} as unknown as Target,
	};
	return self;
}

async function planned(kind: string, { target }: Worker, params: object, faultId: string) {
	const fault = await loadKind(kind);
	// As it comes back from the disk.
	const undo = JSON.parse(
		JSON.stringify(await fault.plan(target, "worker", params, faultId)),
	) as Undo;
	return { fault, undo };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await condition())) await pause(5);
}

t.test(
	"a loop of restarts kills again and again, and healing leaves the last one running",
	async (t) => {
		const looped = worker(t);
		const first = looped.identity;
		const { fault, undo } = await planned("restart-loop", looped, { everyMs: 50 }, "loop-1");
		await fault.heal(looped.target, undo);
		t.same([looped.identity, looped.restarts], [first, 0], "healing what never came does nothing");
		t.match(await fault.prove(looped.target, undo), { ok: false, seen: /still alive/ });
		await fault.inject(looped.target, undo);
		t.notOk(isAlive(first));
		t.ok(looped.expected.length > 0, "its ends are announced: they are no failure of its own");
		const pids = /^worker was process \d+, \d+, \d+, one after another/;
		t.match(await fault.prove(looped.target, undo), { ok: true, seen: pids });
		await fault.heal(looped.target, undo);
		const last = looped.identity;
		t.ok(isAlive(last));
		const { restarts } = looped;
		await fault.heal(looped.target, undo);

		// Another loop takes its time; the first must be over.
		const other = worker(t);
		const again = await planned("restart-loop", other, { everyMs: 50 }, "loop-2");
		await fault.inject(other.target, again.undo);
		await fault.prove(other.target, again.undo);
		await fault.heal(other.target, again.undo);
		t.ok(isAlive(last), "nobody kills it any more");
		t.equal(looped.restarts, restarts);
		t.match(await fault.gone(looped.target, undo), { ok: true });
	},
);

t.test("one that does not come up is tried again", async (t) => {
	const looped = worker(t);
	const { restart } = looped.target;
	let refusals = 2;
	looped.target.restart = async (on) => {
		if (refusals-- > 0) throw new Error("not now");
		return restart(on);
	};
	const { fault, undo } = await planned("restart-loop", looped, { everyMs: 50 }, "loop-3");
	await fault.inject(looped.target, undo);
	await until(() => looped.restarts > 0);
	await fault.heal(looped.target, undo);
	t.ok(isAlive(looped.identity));
});

t.test(
	"one that is gone, with no loop to bring it back, is started by healing, once",
	async (t) => {
		const looped = worker(t);
		const { fault, undo } = await planned("restart-loop", looped, { everyMs: 50 }, "loop-4");
		await killTree(looped.identity, { graceMs: 0 });
		await fault.heal(looped.target, undo);
		await fault.heal(looped.target, undo);
		t.equal(looped.restarts, 1);
		t.ok(isAlive(looped.identity));
	},
);

const bound = await (await loadKind("cpu-pressure")).available!(() => true);
const skip = bound ?? false;

t.test(
	"a process and its burners share one processor, and it gets back what it had",
	{ skip },
	async (t) => {
		const pressed = worker(t, "sleep 60 & sleep 60 & wait");
		const tree = () => treeOf(pressed.identity);
		await until(async () => (await tree()).length === 3);
		const before = (await tree()).map(allowedCpus);
		const { fault, undo } = await planned("cpu-pressure", pressed, { burners: 1 }, "cpu-1");
		t.same((await tree()).map(allowedCpus), before, "planning changes nothing");
		await fault.heal(pressed.target, undo);
		t.same((await tree()).map(allowedCpus), before);
		t.match(await fault.prove(pressed.target, undo), { ok: false });

		t.teardown(() => endCompanions("cpu-1"));
		await fault.inject(pressed.target, undo);
		const one = `${lastCpu(before[0]!)}`;
		t.same((await tree()).map(allowedCpus), [one, one, one]);
		const burners = await companionsOf("cpu-1");
		await until(() => burners.every((burner) => allowedCpus(burner) === one));
		t.equal(burners.length, 1);
		// As an injection does: where others have the processor, a burner gets to it later.
		let proof = await fault.prove(pressed.target, undo);
		await until(async () => {
			if (!proof.ok) proof = await fault.prove(pressed.target, undo);
			return proof.ok;
		});
		t.match(
			proof.seen,
			new RegExp(`^3 of 3 processes on processor ${one}, of which 1 burners used \\d+ ms`),
		);
		t.match(await fault.gone(pressed.target, undo), { ok: false, seen: "1 burners still run" });
		await fault.heal(pressed.target, undo);
		t.notOk(burners.some(isAlive));
		await bindToCpus(await tree(), one);
		if (one !== before[0])
			t.match(await fault.gone(pressed.target, undo), { ok: false, seen: /3 processes are still/ });
		await fault.heal(pressed.target, undo);
		t.same((await tree()).map(allowedCpus), before);
		t.match(await fault.gone(pressed.target, undo), { ok: true });

		await killTree(pressed.identity, { graceMs: 0 });
		await fault.heal(pressed.target, undo);
		t.match(await fault.gone(pressed.target, undo), { ok: true }, "it ended meanwhile");
	},
);

t.test("memory is held until it heals, and never the last of it", async (t) => {
	const pressed = worker(t);
	const { fault, undo } = await planned("memory-pressure", pressed, { sizeMb: 70 }, "memory-1");
	await fault.heal(pressed.target, undo);
	t.match(await fault.prove(pressed.target, undo), { ok: false, seen: /^0 MB resident/ });
	t.teardown(() => endCompanions("memory-1"));
	await fault.inject(pressed.target, undo);
	t.match(await fault.prove(pressed.target, undo), {
		ok: true,
		seen: /^(7|8|9|1\d)\d MB resident/,
	});
	t.match(await fault.gone(pressed.target, undo), { ok: false });
	await fault.heal(pressed.target, undo);
	await fault.heal(pressed.target, undo);
	t.match(await fault.gone(pressed.target, undo), { ok: true });
	await t.rejects(fault.plan(pressed.target, "worker", { sizeMb: 2 ** 30 }, "memory-2"), {
		code: "FLT_PARAM_INVALID",
		message: /sizeMb is 1073741824, and \d+ MB are available, of which 512 are left/,
	});
});

for (const [kind, params] of Object.entries({
	"cpu-pressure": { burners: 2 },
	"memory-pressure": { sizeMb: 1 },
})) {
	t.test(
		`what ${kind} has started ends with its daemon`,
		{ skip: kind === "cpu-pressure" && skip },
		async (t) => {
			const { identity } = worker(t);
			const faultId = `${kind}-${process.pid}`;
			const injector = fileURLToPath(new URL("../injector.ts", import.meta.url));
			const args = [injector, kind, JSON.stringify(params), faultId, `${identity.pid}`];
			const daemon = spawn(...untapped(process.execPath, ...args), {
				stdio: ["ignore", "pipe", "inherit"],
			});
			t.teardown(() => endCompanions(faultId));
			t.teardown(() => daemon.kill("SIGKILL"));
			await once(daemon.stdout, "data");
			const companions = await companionsOf(faultId);
			t.ok(companions.length > 0 && companions.every(isAlive));
			daemon.kill("SIGKILL");
			await once(daemon, "exit");
			await until(() => !companions.some(isAlive));
			t.pass("none is left");
		},
	);
}
