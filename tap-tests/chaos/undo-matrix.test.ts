import "../../base/resolve-hook.ts";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { pause } from "../../base/clock.ts";
import { identify, isAlive, type ProcessIdentity, stateOf } from "../../base/process.ts";
import type { FaultSpec } from "../../chaos/fault.ts";
import { healPending } from "../../chaos/healing.ts";
import { Injection } from "../../chaos/injection.ts";
import { loadKind } from "../../chaos/kinds.ts";
import { Ledger } from "../../chaos/ledger.ts";
import {
	blockOrders,
	clockSeen,
	holdSeen,
	paceSeen,
	readControl,
	readOffsetMs,
} from "../../chaos/subject/controls.ts";
import { recoveryTarget } from "../../daemon/stage/target.ts";
import type { RunParams } from "../../scenarios/contract/run-params.ts";
import type { Scenario } from "../../scenarios/contract/scenario.ts";
import { lastingFolder } from "../lasting-folder.ts";
import { planned, type Rig, rig } from "./fake-target.ts";

// Every way in which a fault may end × every kind that can act on a proxy or a process of its own here; kinds that
// speak to a server are in the live tests.

const fixtures = ["kinds", "kinds-process"].map(
	(name) => new URL(`../fixtures/scenarios/${name}.scenario.ts`, import.meta.url),
);
/** Those on a process that need nothing of the rig but a process. */
const onProcess = ["kill", "freeze", "event-loop-block", "clock-skew", "slow-work", "hold-at-step"];

/** A way to the end of a fault; when it resolves, nothing may be left of it. */
type Way = (rig: Rig, spec: FaultSpec) => Promise<void>;

const prepare = ({ context }: Rig, spec: FaultSpec) => Injection.prepare(context, spec, planned);

async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await pause(5);
}

/** What a daemon does that is started after this one was killed: all it has is the ledger's file. */
async function afterKill({ ledgerFile, toxiproxy, process }: Rig): Promise<void> {
	const ledger = new Ledger(ledgerFile);
	const failures = await healPending(recoveryTarget({ toxiproxy: toxiproxy.client }), ledger);
	ledger.close();
	if (failures.length > 0) throw new Error(failures.join("; "));
	// A killed process of a run that is over stays gone, as its clean-up would have it.
	process.identity = null;
}

const ways: Record<string, Way> = {
	"its time is over": async (rig, spec) => {
		const injection = await prepare(rig, spec);
		await injection.inject();
		await injection.heal();
	},
	"it is cut short: a failed check, an abort, a hook that throws, a signal": async (rig, spec) => {
		const injection = await prepare(rig, spec);
		await injection.inject();
		await injection.heal("cut short");
	},
	"it is cut short while it is being injected": async (rig, spec) => {
		const injection = await prepare(rig, spec);
		const injecting = injection.inject();
		await injection.heal("cut short");
		await injecting;
	},
	"it was never injected": async (rig, spec) => {
		const injection = await prepare(rig, spec);
		await injection.heal("cut short");
	},
	"it is healed again and again": async (rig, spec) => {
		const injection = await prepare(rig, spec);
		await injection.inject();
		const [entry] = rig.ledger.pending;
		await injection.heal();
		const kind = await loadKind(spec.kind);
		for (let n = 0; n < 3; n++) await kind.heal(rig.target, entry!.undo);
	},
	"the server is away for a while": async (rig, spec) => {
		const injection = await prepare(rig, spec);
		await injection.inject();
		let refusals = 2;
		rig.toxiproxy.before = () => {
			if (refusals-- > 0) throw new Error("away");
		};
		await injection.heal();
	},
	"the daemon is killed between the ledger and the fault": async (rig, spec) => {
		await prepare(rig, spec);
		await afterKill(rig);
	},
	"the daemon is killed while it is in force": async (rig, spec) => {
		await (await prepare(rig, spec)).inject();
		await afterKill(rig);
	},
	"the daemon is killed in the middle of injecting": async (rig, spec) => {
		const injection = await prepare(rig, spec);
		let calls = 0;
		rig.toxiproxy.before = () => {
			if (++calls > 1) throw new Error("killed");
		};
		await injection.inject().catch(() => {});
		rig.toxiproxy.before = () => {};
		await afterKill(rig);
	},
	"the daemon is killed in the middle of healing": async (rig, spec) => {
		const injection = await prepare(rig, spec);
		await injection.inject();
		const [entry] = rig.ledger.pending;
		const kind = await loadKind(spec.kind);
		await kind.heal(rig.target, entry!.undo);
		await afterKill(rig);
	},
};

const module = (file: string) => new URL(`../../chaos/subject/${file}.ts`, import.meta.url).href;
/** A subject that Node runs, and that reads its clock and does its work all the time. */
const clocked = [
	"--no-warnings",
	"--import",
	module("agent"),
	"--input-type=module",
	"-e",
	`import { pause, subjectClock, subjectPace, subjectSteps } from "faultline/subject";
	setInterval(subjectClock().now, 5);
	const pace = subjectPace();
	setInterval(() => pace.extraUs("orders"), 5);
	const steps = subjectSteps();
	setInterval(() => steps.reach("before-commit"), 5);
	console.log("ready");`,
];

/** What the `worker` of one rig after another is; started again by a restart as a subject is, and once it is gone. */
class Worker {
	readonly controls: string;
	readonly #t: Test;
	readonly #within: boolean;
	#identity: ProcessIdentity | null = null;

	constructor(t: Test, within: boolean) {
		this.controls = join(lastingFolder(t), "controls");
		this.#t = t;
		this.#within = within;
	}

	async serve({ process: kept }: Rig): Promise<void> {
		if (this.#identity === null || !isAlive(this.#identity)) await this.#start();
		kept.identity = this.#identity;
		kept.restart = async () => {
			kept.identity = await this.#start();
		};
	}

	async #start(): Promise<ProcessIdentity> {
		const env = { ...process.env, NODE_OPTIONS: "", FLT_CONTROLS: this.controls };
		const child = this.#within
			? spawn(process.execPath, clocked, { env, stdio: ["ignore", "pipe", "inherit"] })
			: spawn("sleep", ["600"], { stdio: ["ignore", "pipe", "ignore"] });
		const ended = once(child, "exit");
		this.#t.teardown(async () => {
			child.kill("SIGKILL");
			await ended;
		});
		await (this.#within ? once(child.stdout, "data") : once(child, "spawn"));
		this.#identity = identify(child.pid!);
		return this.#identity!;
	}
}

t.test("whatever ends a fault, nothing of it is left", async (t) => {
	const params = { seed: 1, size: "default", guard: "on" } as RunParams;
	const specs = new Map<string, FaultSpec>();
	for (const { href } of fixtures) {
		const { default: scenario } = (await import(href)) as { default: Scenario };
		for (const fault of scenario.plan(params).faults ?? [])
			specs.set(`${fault.kind}${fault.at === undefined ? "" : " at a step"}`, fault);
	}
	// They mostly wait: for a proof, for the next try, for a process to start.
	t.jobs = 4;
	let tried = 0;
	const all: Promise<unknown>[] = [];
	for (const [title, spec] of specs) {
		const { acts, within } = await loadKind(spec.kind);
		if (acts !== "path" && !onProcess.includes(spec.kind)) continue;
		const stepping = spec.at !== undefined;
		all.push(
			t.test(title, { buffered: true }, async (t) => {
				// One for all ways, as none may leave anything of the fault: a Node takes longer to start than a cell does.
				const worker = new Worker(t, within !== undefined || stepping);
				for (const [name, way] of Object.entries(ways))
					await t.test(name, async (t) => {
						const made = rig(t, worker.controls);
						// What a probe sees is not the matter here.
						made.sees.trip = async (_, limitMs) => {
							if (blockOrders(made.controls).size === 0)
								return { kind: "answered", ms: limitMs / 2, error: null };
							// In real time: a block is proved by what the process computes in the silence.
							await pause(limitMs);
							return { kind: "silent", ms: limitMs, error: null };
						};
						await worker.serve(made);
						const proxy = structuredClone(made.toxiproxy.proxies.get("p"));
						const before = made.process.identity!;
						const at = { subject: "worker", step: "before-commit" };
						const on = acts === "path" ? "db" : "worker";
						await way(made, { ...spec, on, ...(stepping ? { at } : {}) });
						t.same(made.toxiproxy.proxies.get("p"), proxy, "the proxy is as before");
						const now = made.process.identity;
						if (now !== null) t.ok(isAlive(now), "the process runs");
						else t.not(isAlive(before) && stateOf(before), "T", "no process is stopped");
						const orders = readdirSync(made.controls).filter((file) => !file.includes(".seen"));
						t.same(orders, [], "no order to act from within is left");
						if (within !== undefined) {
							await until(() => readOffsetMs(made.controls, clockSeen) === 0);
							await until(() => !readControl(made.controls, paceSeen));
							await until(() => !readControl(made.controls, holdSeen));
						}
						t.same(new Ledger(made.ledgerFile).pending, [], "the ledger is empty");
						tried++;
					});
			}),
		);
	}
	await Promise.all(all);
	t.ok(tried >= 8 * Object.keys(ways).length, `${tried} of the matrix`);
});
